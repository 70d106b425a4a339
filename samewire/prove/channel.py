"""One connection through the proxy, without its sockets: what goes in on one side, and what comes out on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from samewire.prove.asked import RequestHead, RequestRest, Requests
from samewire.prove.parts import Answers, Part


class Cut(Enum):
    """The end of a direction, or of all."""

    FIN = auto()
    RESET = auto()
    GONE = auto()
    """Closed in order towards the client, whoever still wanted to send."""


Out = bytes | Cut


class Rewriter(Protocol):
    """Changes what a server sends, part by part."""

    def part(self, part: Part) -> Iterable[Out]: ...
    def read(self) -> Iterable[Out]:
        """All parts of what one read gave were handed over."""
        ...

    def end(self, cut: Cut) -> Iterable[Out]:
        """The server has ended its side."""
        ...


RequestEdit = Callable[[RequestHead | RequestRest], bytes]
"""A request's parts as the server is to see them; what it does not change it gives back as `raw`."""


@dataclass(frozen=True, slots=True)
class Tamper:
    """What a fault does to each connection; each of them without effect where it is None."""

    answers: Callable[[], Rewriter] | None = None
    requests: Callable[[], RequestEdit] | None = None
    sent: Callable[[bytes], bytes] | None = None
    """Of each write of the client, as it came."""
    ends: Callable[[Cut], Sequence[Out]] | None = None
    """What the server sees of a client that has ended its side, or all."""
    holds: bool = False
    """Whether it only keeps back what comes, so that it shows in when something arrives, not in what."""
    recuts: bool = False
    """Whether it only changes where writes are cut."""
    hides: bool = False
    """Whether it only hides that the client has left, so that another connection has to tell."""


class Channel:
    """Bytes and ends in, bytes and ends out. `last` is the harness's own question whether the connection goes on: from
    it on nothing is changed, because of its answer nothing is compared."""

    def __init__(self, tamper: Tamper, last: bytes = b"") -> None:
        self._tamper = tamper
        self._last = last
        self._over = False
        self._requests = Requests()
        self._answers = Answers(self._requests.next)
        self._rewriter = tamper.answers() if tamper.answers is not None else None
        self._edit = tamper.requests() if tamper.requests is not None else None

    def sent(self, data: bytes) -> list[Out]:
        """The client sent it: what the server gets."""
        if data == self._last or self._over:
            self._over = True
            return [data]
        if self._edit is None and self._tamper.sent is None and self._rewriter is None:
            return [data]
        if self._tamper.sent is not None:
            data = self._tamper.sent(data)
        parts = self._requests.feed(data)
        if self._edit is None:
            for _ in parts:
                pass
            return [data]
        return [edited for part in parts if (edited := self._edit(part))]

    def came(self, data: bytes) -> list[Out]:
        """The server sent it: what the client gets."""
        if self._over or self._rewriter is None:
            return [data]
        outs = [out for part in self._answers.feed(data) for out in self._rewriter.part(part)]
        return [*outs, *self._rewriter.read()]

    def client_ended(self, cut: Cut) -> list[Out]:
        held = self._requests.end() if self._edit is not None and not self._over else b""
        outs: Iterable[Out] = (cut,) if self._over or self._tamper.ends is None else self._tamper.ends(cut)
        return [held, *outs] if held else list(outs)

    def server_ended(self, cut: Cut) -> list[Out]:
        if self._over or self._rewriter is None:
            return [cut]
        return list(self._ending(self._rewriter, cut))

    def left(self) -> tuple[list[Out], list[Out]]:
        """What is still held of parts that never came whole, on its way to the server and to the client."""
        if self._over:
            return [], []
        up: list[Out] = [self._requests.end()] if self._edit is not None else []
        rewriter = self._rewriter
        down = [] if rewriter is None else [out for part in self._answers.end() for out in rewriter.part(part)]
        return up, down

    def _ending(self, rewriter: Rewriter, cut: Cut) -> Iterator[Out]:
        for part in self._answers.end():
            yield from rewriter.part(part)
        yield from rewriter.end(cut)
