"""What a server sends, cut into the parts that a fault may change; together they are what came, to the byte. No socket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from samewire.ascii import lower
from samewire.exchange import Field, Framing
from samewire.prove.asked import UNKNOWN, Asked
from samewire.wire.faults import Faults
from samewire.wire.framing import framed, interim, tunnels
from samewire.wire.head import block_end, parse_head
from samewire.wire.limits import LIMITS

Lines = tuple[bytes, ...]
"""A head's lines without their ends and without the empty one: the status line, then the field lines."""
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(;[^\r\n]*)?\r?\n")


class Head(NamedTuple):
    """The head of an answer, interim or final."""

    raw: bytes
    lines: Lines
    status: int
    fields: tuple[Field, ...]
    framing: Framing
    asked: Asked
    """The request that it answers."""
    interim: bool
    tunnels: bool
    """Whether what follows it is another protocol's."""

    def value(self, name: str) -> str:
        """All lines of that name, given in lower case, joined as a list; empty when there is none."""
        return ", ".join(value for line, value in self.fields if lower(line) == name)


class Piece(NamedTuple):
    """A whole chunk, or, without chunked coding, what one read gave."""

    raw: bytes
    data: bytes


class Tail(NamedTuple):
    """The end of an answer: the last chunk and the trailers, or nothing."""

    raw: bytes


class Beyond(NamedTuple):
    """What belongs to no answer: another protocol's bytes, what can't be read, a part that never came whole."""

    raw: bytes
    tunnel: bool


Part = Head | Piece | Tail | Beyond


class Answers:
    """Feed it what comes; `asked` gives the request to which the next final answer belongs."""

    def __init__(self, asked: Callable[[], Asked]) -> None:
        self._asked = asked
        self._buffer = bytearray()
        self._next: Asked | None = None
        self._left = 0
        self._read: Callable[[], Iterator[Part]] = self._head

    def feed(self, data: bytes) -> Iterator[Part]:
        """The parts that are whole by now."""
        self._buffer += data
        while True:
            before = len(self._buffer), self._read
            yield from self._read()
            if (len(self._buffer), self._read) == before:
                return

    def end(self) -> Iterator[Part]:
        """The server has ended its side: what it left unfinished, and the end of content that only this delimits."""
        if self._read != self._until_closed:
            yield Beyond(self._take(len(self._buffer)), tunnel=False)
        else:
            self._read = self._beyond
            yield Tail(b"")

    def _head(self) -> Iterator[Part]:
        end = block_end(self._buffer)
        if self._buffer and (not b"HTTP/".startswith(self._buffer[:5]) or max(end, len(self._buffer)) > LIMITS.head):
            self._read = self._beyond
        elif end > 0:
            yield self._headed(self._take(end))

    def _headed(self, raw: bytes) -> Head:
        asked = self._next = self._next or self._asked() or UNKNOWN
        faults = Faults()
        head = parse_head(raw, faults)
        how = framed(head, asked.method, faults)
        self._left = how.length
        tunnel = tunnels(head, asked.method)
        if not interim(head):
            self._next = None
            self._read = self._tunnel if tunnel else self._content(how.framing)
        lines = tuple(line.removesuffix(b"\r") for line in raw.rstrip(b"\r\n").split(b"\n"))
        return Head(raw, lines, head.status, head.fields, how.framing, asked, interim(head), tunnel)

    def _content(self, framing: Framing) -> Callable[[], Iterator[Part]]:
        match framing:
            case Framing.CHUNKED:
                return self._chunk
            case Framing.CLOSE:
                return self._until_closed
            case _:
                self._left = 0 if framing is Framing.NONE else self._left
                return self._sized

    def _sized(self) -> Iterator[Part]:
        if self._left and self._buffer:
            data = self._take(min(self._left, len(self._buffer)))
            self._left -= len(data)
            yield Piece(data, data)
        if not self._left:
            self._read = self._head
            yield Tail(b"")

    def _until_closed(self) -> Iterator[Part]:
        if self._buffer:
            data = self._take(len(self._buffer))
            yield Piece(data, data)

    def _chunk(self) -> Iterator[Part]:
        if b"\n" not in self._buffer:
            return
        size = _SIZE.match(self._buffer)
        if size is None:
            self._read = self._beyond
            return
        length = int(size[1], 16)
        if length == 0:
            yield from self._last_chunk(size.end())
        elif len(self._buffer) >= size.end() + length + 2:
            raw = self._take(size.end() + length + 2)
            yield Piece(raw, raw[size.end() : -2])

    def _last_chunk(self, start: int) -> Iterator[Part]:
        none = self._buffer[start : start + 2] == b"\r\n"
        end = start + 2 if none else block_end(self._buffer)
        if end > 0:
            self._read = self._head
            yield Tail(self._take(end))

    def _tunnel(self) -> Iterator[Part]:
        if self._buffer:
            yield Beyond(self._take(len(self._buffer)), tunnel=True)

    def _beyond(self) -> Iterator[Part]:
        if self._buffer:
            yield Beyond(self._take(len(self._buffer)), tunnel=False)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken
