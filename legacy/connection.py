"""One HTTP/1.1 connection as a state machine: bytes in, Head, Data and End out; it never waits and never writes."""

from __future__ import annotations

from typing import NamedTuple

from legacy.head import NO_FIELDS, Head, check_part, parse
from legacy.readers import END, ChunkedReader, Data, End, Reader, SizedReader
from legacy.receive_buffer import ReceiveBuffer
from shared_handlers.errors import HTTPError

Event = Head | Data | End
_MAX_LEADING_LINES = 8


class Limits(NamedTuple):
    """What a request may measure."""

    max_head: int
    """Bytes of request line and field lines with their line ends, the empty line included."""
    max_fields: int


class Connection:
    """The server's side of the requests of one connection, one after the other.

    `receive` what arrives, then ask for `next_event` until it is None: more bytes are needed. Each request is one
    Head, and unless its length is 0, any number of Data and one End. HTTPError (400, 414, 431) says that the bytes are no request; nothing more can
    be read then.
    """

    __slots__ = ("_blank_lines", "_buffer", "_fields", "_limits", "_reader", "reusable")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buffer = ReceiveBuffer()
        self._reader: Reader | None = None
        self._blank_lines = 0
        self._fields = NO_FIELDS
        self.reusable = True
        """Another request may follow: the client allows it and the framing is sound (RFC 9112 section 9.3)."""

    @property
    def between(self) -> bool:
        """No request is being read: the last one has come to its End, or none has begun."""
        return self._reader is None

    @property
    def buffered(self) -> int:
        """Bytes that arrived and have not become an event."""
        return len(self._buffer)

    @property
    def remaining(self) -> int | None:
        """Bytes of content that are not read; None when it is chunked and not at its End."""
        if self._reader is None:
            return 0
        return self._reader.remaining if isinstance(self._reader, SizedReader) else None

    def receive(self, data: bytes) -> None:
        """What arrived from the client."""
        self._buffer.feed(data)

    def next_event(self) -> Event | None:
        """The next thing that is complete, or None."""
        try:
            if self._reader is None:
                return self._head()
            event = self._reader(self._buffer)
        except HTTPError:
            self.reusable = False
            raise
        if event is END:
            self._reader = None
        return event

    def unused(self) -> bytes:
        """What arrived after the last event, given away for good: another protocol goes on from here."""
        return self._buffer.take(len(self._buffer))

    def _head(self) -> Head | None:
        if self._buffer.peek(1) in b"\r\n" and not self._skip_blank_lines():
            return None
        block = self._buffer.through(b"\r\n\r\n", self._limits.max_head)
        if block is None:
            self._check_part()
            return None
        head, self._fields = parse(block, self._limits.max_fields, self._fields)
        self.reusable = head.persistent
        self._blank_lines = 0
        if head.length != 0:
            self._reader = _reader(head.length, self._limits)
        return head

    def _skip_blank_lines(self) -> bool:
        """RFC 9112 section 2.2 asks to ignore an empty line before the request line; False when nothing follows."""
        while (mark := self._buffer.peek(2)) == b"\r\n":
            self._buffer.take(2)
            self._blank_lines += 1
        if self._blank_lines > _MAX_LEADING_LINES or mark[:1] == b"\n" or (len(mark) == 2 and mark[:1] == b"\r"):
            raise HTTPError(400, "The request line is malformed.")
        return len(mark) == 2 or mark not in (b"", b"\r")

    def _check_part(self) -> None:
        part = self._buffer.peek(self._limits.max_head)
        check_part(part, self._limits.max_fields)
        if len(part) == self._limits.max_head:
            if b"\r\n" in part:
                raise HTTPError(431, f"The head is longer than {self._limits.max_head} bytes.")
            raise HTTPError(414, f"The request line is longer than {self._limits.max_head} bytes.")


def _reader(length: int | None, limits: Limits) -> Reader:
    if length is None:
        return ChunkedReader(limits.max_head, limits.max_fields)
    return SizedReader(length)
