"""One HTTP/1.1 connection as a state machine: bytes in, Head, Data and End out; it never waits and never writes."""

from __future__ import annotations

from typing import NamedTuple

from legacy.head import NO_FIELDS, Head, parse
from shared_handlers.errors import HTTPError
from shared_handlers.http1 import (
    END,
    Data,
    End,
    Reader,
    ReceiveBuffer,
    SizedReader,
    check_part,
    over_long,
    reader_of,
)

Event = Head | Data | End
_HEAD = b"HEAD "


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

    __slots__ = ("_begun", "_buffer", "_fields", "_limits", "_reader", "asks_head", "reusable")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buffer = ReceiveBuffer()
        self._reader: Reader | None = None
        self._fields = NO_FIELDS
        self._begun = False
        self.asks_head = False
        """What was refused, or has no end yet, begins as a HEAD request does: nothing but a head may answer it."""
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
    def content_begun(self) -> bool:
        """Something of the content has arrived: who sent it does not wait for 100 (RFC 9110 section 10.1.1)."""
        return self._begun

    @property
    def remaining(self) -> int | None:
        """Bytes of content that are not read; None when it is chunked and not at its End."""
        if self._reader is None:
            return 0
        return self._reader.remaining if isinstance(self._reader, SizedReader) else None

    def receive(self, data: bytes) -> None:
        """What arrived from the client."""
        self._begun = self._reader is not None
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
        # RFC 9112 section 2.2 asks to ignore an empty line before the request line. CR and LF are let pass there singly
        # too, as by the other server's parser: nothing has begun that they could cut in two.
        if not self._buffer.skip(b"\r\n"):
            return None
        block = self._buffer.through(b"\r\n\r\n", self._limits.max_head)
        if block is None:
            self._check_part()
            return None
        try:
            head, self._fields = parse(block, self._limits.max_fields, self._fields)
        except HTTPError:
            self.asks_head = block.startswith(_HEAD)
            raise
        self.reusable = head.persistent
        if head.length != 0:
            self._begun = len(self._buffer) > 0
            self._reader = reader_of(head.length, *self._limits)
        return head

    def _check_part(self) -> None:
        part = self._buffer.peek(self._limits.max_head)
        self.asks_head = part.startswith(_HEAD)
        check_part(part, self._limits.max_fields)
        if len(part) == self._limits.max_head:
            raise over_long(part, self._limits.max_head)
