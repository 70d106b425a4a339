"""What a client has sent on one connection, and the requests in it: whose answer is due, and whether all is answered."""

from __future__ import annotations

import re
from typing import NamedTuple

from samewire.exchange import Framing
from samewire.wire.content import Content, Progress
from samewire.wire.faults import Faults
from samewire.wire.framing import Framed
from samewire.wire.head import block_end
from samewire.wire.limits import LIMITS

_METHOD = re.compile(rb"[^\s]*")
CHUNKED = re.compile(rb"\n(?i:transfer-encoding):[^\n]*(?i:chunked)")
CONTENT_LENGTH = re.compile(rb"\n(?i:content-length):[ \t]*([0-9]{1,18})[ \t]*\r?\n")


class Sent:
    """All bytes sent, with the time of each write on the event loop's clock."""

    __slots__ = ("_current", "_data", "_reported", "_writes")

    def __init__(self) -> None:
        self._data = bytearray()
        self._writes: list[_Write] = []
        self._reported = 0
        self._current: int | None = None
        """Where the request begins that the last answer that was due is to."""

    def add(self, data: bytes, at: float, *, to_head: bool = False) -> None:
        """A write. `to_head`: the requests that begin in it are answered as HEAD is."""
        self._writes.append(_Write(len(self._data), at, to_head))
        self._data += data

    def next_due(self, now: float) -> tuple[str, float]:
        """The method of the next request to be answered, and when its first byte was sent."""
        start = self._next()
        self._current = start
        request = request_at(self._data, start)
        if request is None:
            return "GET", now
        write = next(write for write in reversed(self._writes) if write.start <= request.start)
        return "HEAD" if write.to_head else request.method, write.at

    @property
    def unreported(self) -> bytes:
        """What was sent since the previous answer ended."""
        return bytes(self._data[self._reported :])

    def report(self) -> bytes:
        """The same, at the end of an answer."""
        reported = self.unreported
        self._reported = len(self._data)
        return reported

    @property
    def answered(self) -> bool:
        """Whether every request was sent whole, and was due."""
        if self._current is None:
            return False
        last = request_at(self._data, self._current)
        return (last is None or last.end is not None) and request_at(self._data, self._next()) is None

    def _next(self) -> int:
        """Where the request after the current one begins."""
        if self._current is None:
            return 0
        current = request_at(self._data, self._current)
        return len(self._data) if current is None or current.end is None else current.end


class Request(NamedTuple):
    """Where one request stands in what was sent."""

    method: str
    start: int
    end: int | None
    """None while a part of it is missing."""


def request_at(sent: bytearray, start: int) -> Request | None:
    """The request that begins at `start` or, as empty lines may come first (RFC 9112 section 2.2), soon after; or None.

    What is no well-formed request reaches to the end of what was sent.
    """
    while sent.startswith((b"\r", b"\n"), start):
        start += 1
    if start >= len(sent):
        return None
    match = _METHOD.match(sent, start)
    method = match[0].decode("latin-1") if match else ""
    rest = sent[start:]
    head = block_end(rest)
    length = None if head < 0 else _length(rest, head)
    return Request(method, start, None if length is None else start + length)


class _Write(NamedTuple):
    start: int
    at: float
    to_head: bool


def _length(request: bytearray, head: int) -> int | None:
    """How long the request is whose head ends at `head`; None while a part of it is missing."""
    block = request[:head]
    if CHUNKED.search(block):
        return _chunked_length(request, head)
    match = CONTENT_LENGTH.search(block)
    whole = head + (int(match[1]) if match else 0)
    return whole if whole <= len(request) else None


def _chunked_length(request: bytearray, head: int) -> int | None:
    rest = request[head:]
    content = Content(Framed(Framing.CHUNKED), LIMITS, Faults())
    match content.take(rest, 0.0):
        case Progress.DONE:
            return len(request) - len(rest)
        case Progress.BROKEN:
            return len(request)
        case _:
            return None
