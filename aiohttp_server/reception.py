"""What arrives at a connection, cut into heads and content wherever the network cut it, before any of it is acted upon.

aiohttp's parser reads the heads, each given whole and alone. It is not given content: after some of it the parser loses
the end of a message (an upgrade that is not taken, CONNECT, a trailer section), and what follows would be another request.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from shared_handlers.http1 import (
    END,
    Data,
    End,
    Reader,
    ReceiveBuffer,
    check_part,
    over_long,
    reader_of,
)

HEAD_END: Final = b"\r\n\r\n"
_HEAD: Final = b"HEAD "


class WholeHead(NamedTuple):
    """A head with its line ends, the empty line included."""

    block: bytes


class Reception:
    """The requests of one connection, one after the other; it never waits and reads no field.

    `feed` what arrives, then ask for `next_event` until it is None. After each head say by `expect` what content follows it.
    HTTPError (400, 414, 431) says that the bytes are no request; nothing more can be read then.
    """

    __slots__ = ("_buffer", "_content_begun", "_max_fields", "_max_head", "_reader", "asks_head", "between")

    def __init__(self, max_head: int, max_fields: int) -> None:
        self._max_head = max_head
        self._max_fields = max_fields
        self._buffer = ReceiveBuffer()
        self._reader: Reader | None = None
        self._content_begun = False
        self.between = True
        """Nothing is read or kept: the last request has come to its end."""
        self.asks_head = False
        """The newest head, or what there is of it, begins as one of a HEAD request."""

    @property
    def head_begun(self) -> bool:
        """Something of a head has arrived, but not all."""
        return self._reader is None and len(self._buffer) > 0

    @property
    def content_begun(self) -> bool:
        """Something of the content has arrived: who sent it does not wait for 100 (RFC 9110 section 10.1.1)."""
        return self._content_begun

    @property
    def kept(self) -> int:
        """Bytes that arrived and have not become an event."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """What arrived from the client."""
        self.between = False
        self._content_begun = self._reader is not None
        self._buffer.feed(data)

    def expect(self, length: int | None) -> None:
        """So many bytes of content follow the head, or chunks where it is None."""
        self.between = False
        self._content_begun = len(self._buffer) > 0
        self._reader = reader_of(length, self._max_head, self._max_fields)

    def next_event(self) -> WholeHead | Data | End | None:
        """The next thing that is complete, or None."""
        if self._reader is None:
            self.between = len(self._buffer) == 0
            return self._head()
        event = self._reader(self._buffer)
        if event is END:
            self._reader = None
        return event

    def unused(self) -> bytes:
        """What arrived after the last event, given away for good: another protocol goes on from here."""
        return self._buffer.take(len(self._buffer))

    def _head(self) -> WholeHead | None:
        if not self._buffer.skip(b"\r\n"):
            return None
        block = self._buffer.through(HEAD_END, self._max_head)
        if block is not None:
            return WholeHead(block + HEAD_END)
        part = self._buffer.peek(self._max_head)
        self.asks_head = part.startswith(_HEAD)
        check_part(part, self._max_fields)
        if len(part) == self._max_head:
            raise over_long(part, self._max_head)
        return None


def asks_head(head: bytes) -> bool:
    """A HEAD request's head, be it malformed otherwise."""
    return head.startswith(_HEAD)
