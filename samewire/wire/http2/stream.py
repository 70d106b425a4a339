"""One HTTP/2 stream: a request, and what came of its answer so far; no socket, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable

from samewire.ascii import lower, whole_number
from samewire.exchange import Answer, Field, Framing
from samewire.wire.faults import Faults, shown
from samewire.wire.kept import Kept
from samewire.wire.limits import LIMITS, Limits
from samewire.wire.possible import OF_THE_CONNECTION

VERSION = "HTTP/2"
_NO_CONTENT = (204, 304)
_STATUS = re.compile(r"[0-9]{3}")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9a-z]+")
_FORBIDDEN = re.compile(r"[\x00\r\n]")


class Stream:
    """Fed with what h2 reads; `answer` is what stands of it."""

    __slots__ = ("_faults", "_fields", "_head_at", "_kept", "_limits", "_method", "_origin", "_status", "_trailers", "ended", "failure", "interim", "number", "sent")  # fmt: skip

    def __init__(self, number: int, method: str, sent: bytes, origin: float, limits: Limits = LIMITS) -> None:
        """`sent` is the request as it is written down, `origin` when its first byte was sent."""
        self.number = number
        self.sent = sent
        self.interim: list[Answer] = []
        self.ended = False
        """Whether END_STREAM came."""
        self.failure = ""
        """Why no more will come, when it did not."""
        self._method = method
        self._origin = origin
        self._limits = limits
        self._faults = Faults()
        self._fields: tuple[Field, ...] | None = None
        self._status = 0
        self._head_at = 0.0
        self._trailers: tuple[Field, ...] = ()
        self._kept = Kept(limits)

    def informational(self, fields: Iterable[Field], at: float) -> None:
        status, lines = self._head(fields)
        if len(self.interim) >= self._limits.interim:
            self.failure = f"unreadable: more than {self._limits.interim} interim answers"
            return
        faults = self._faults.all()
        self.interim.append(Answer(VERSION, status, "", lines, Framing.NONE, faults=faults, head_at=at - self._origin))
        self._faults = Faults()

    def final(self, fields: Iterable[Field], at: float) -> None:
        self._status, self._fields = self._head(fields)
        self._head_at = at - self._origin

    def data(self, data: bytes, at: float) -> None:
        start = self._kept.size
        self._kept.add(data)
        if data:
            self._kept.mark(start, "", at)

    def trailers(self, fields: Iterable[Field]) -> None:
        self._trailers = self._lines(fields)

    @property
    def over(self) -> bool:
        return self.ended or bool(self.failure)

    @property
    def head_seen(self) -> bool:
        return self._fields is not None

    @property
    def size(self) -> int:
        return self._kept.size

    def content(self, start: int) -> bytes:
        return self._kept.data(start)

    @property
    def answer(self) -> Answer | None:
        """The final answer as far as it came; None before its head."""
        if self._fields is None:
            return None
        none = self._method == "HEAD" or self._status in _NO_CONTENT
        return Answer(
            VERSION,
            self._status,
            "",
            self._fields,
            framing=Framing.NONE if none and not self.size else Framing.STREAM,
            body=self._kept.data(),
            chunks=self._kept.chunks(self._origin),
            trailers=self._trailers,
            complete=self.ended,
            faults=self._faults.all(),
            head_at=self._head_at,
            whole=self._kept.whole,
        )

    def _head(self, fields: Iterable[Field]) -> tuple[int, tuple[Field, ...]]:
        """Status and field lines, `:status` being the only pseudo-header field of an answer, and first (section 8.3.2)."""
        found = tuple(fields)
        pseudo = [field for field in found if field[0].startswith(":")]
        if [name for name, _ in pseudo] != [":status"] or found[0] != pseudo[0]:
            self._faults.add("an answer's one pseudo-header field, and its first, is :status (RFC 9113 section 8.3.2)")
        status = next((value for name, value in pseudo if name == ":status"), "")
        if not _STATUS.fullmatch(status):
            self._faults.add(f"the status {shown(status)} is not three digits")
        lines = self._lines(field for field in found if field not in pseudo)
        return whole_number(status) if _STATUS.fullmatch(status) else 0, lines

    def _lines(self, fields: Iterable[Field]) -> tuple[Field, ...]:
        found = tuple(fields)
        for name, value in found:
            if not _NAME.fullmatch(name):
                self._faults.add(f"the field name {shown(name)} is not a token in lower case (RFC 9113 section 8.2.1)")
            if lower(name) in OF_THE_CONNECTION:
                self._faults.add(f"the field {name} belongs to a connection (RFC 9113 section 8.2.2)")
            if _FORBIDDEN.search(value) or value != value.strip(" \t"):
                self._faults.add(f"the value of the field {shown(name)} is not allowed (RFC 9113 section 8.2.1)")
        return found
