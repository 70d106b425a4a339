"""What a client sends, cut into requests: their heads, which a fault may change, and what follows each. No socket."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from samewire.exchange import Framing
from samewire.wire.content import Content, Progress
from samewire.wire.faults import Faults
from samewire.wire.framing import Framed
from samewire.wire.head import block_end
from samewire.wire.limits import LIMITS
from samewire.wire.sent import CHUNKED, CONTENT_LENGTH

_UPGRADES = re.compile(rb"\n(?i:upgrade):[ \t]*[^\s]|^CONNECT ")


class Asked(NamedTuple):
    """A request as its answer needs it."""

    method: str
    head: bytes
    number: int = 0
    """On its connection, from 0."""
    followed: bool = False
    """Whether the next request was there before its answer: they are pipelined."""


UNKNOWN = Asked("GET", b"")
"""What is answered before a request was whole."""


class RequestHead(NamedTuple):
    """From the first byte of a request, empty lines before it included, to its empty line."""

    raw: bytes
    method: str


class RequestRest(NamedTuple):
    """Content; after an upgrade, or where no request can be read, whatever comes."""

    raw: bytes


RequestPart = RequestHead | RequestRest


class Requests:
    """Feed it what the client sends; `next` gives, in order, the requests that answers are due to."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._left = 0
        self._content: Content | None = None
        self._count = 0
        self._due: deque[Asked] = deque()
        self._read: Callable[[], Iterator[RequestPart]] = self._head

    def feed(self, data: bytes) -> Iterator[RequestPart]:
        """The parts that are whole by now; content comes as it comes."""
        self._buffer += data
        while self._buffer:
            before = len(self._buffer), self._read
            yield from self._read()
            if (len(self._buffer), self._read) == before:
                return

    def end(self) -> bytes:
        """What was sent of a head, or of a chunk's frame, that never came whole."""
        return self._take(len(self._buffer))

    def next(self) -> Asked:
        """The request that the next final answer is to."""
        if not self._due:
            return UNKNOWN
        asked = self._due.popleft()
        return asked._replace(followed=bool(self._due))

    def _head(self) -> Iterator[RequestPart]:
        start = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
        end = block_end(self._buffer, start)
        if end < 0 and len(self._buffer) > LIMITS.head:
            self._read = self._rest
        if end < 0:
            return
        raw = self._take(end)
        method = raw.split(None, 1)[0].decode("latin-1") if raw.strip() else "GET"
        self._due.append(Asked(method, raw.lstrip(b"\r\n"), self._count))
        self._count += 1
        self._read = self._after(raw)
        yield RequestHead(raw, method)

    def _after(self, head: bytes) -> Callable[[], Iterator[RequestPart]]:
        if _UPGRADES.search(head):
            return self._rest
        if CHUNKED.search(head):
            self._content = Content(Framed(Framing.CHUNKED), LIMITS, Faults())
            return self._chunked
        length = CONTENT_LENGTH.search(head)
        self._left = int(length[1]) if length else 0
        return self._sized if self._left else self._head

    def _sized(self) -> Iterator[RequestPart]:
        data = self._take(min(self._left, len(self._buffer)))
        self._left -= len(data)
        if not self._left:
            self._read = self._head
        yield RequestRest(data)

    def _chunked(self) -> Iterator[RequestPart]:
        before = bytes(self._buffer)
        assert self._content is not None  # noqa: S101  # set where this reader was chosen
        progress = self._content.take(self._buffer, 0.0)
        if progress is not Progress.MORE:
            self._read = self._head if progress is Progress.DONE else self._rest
        if taken := before[: len(before) - len(self._buffer)]:
            yield RequestRest(taken)

    def _rest(self) -> Iterator[RequestPart]:
        yield RequestRest(self._take(len(self._buffer)))

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken
