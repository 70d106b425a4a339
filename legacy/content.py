"""The content of one request, taken from the connection when someone asks; asking is what sends 100 (Continue)."""

from __future__ import annotations

import time

from legacy.connection import Connection
from legacy.head import Head
from legacy.stream import Stream
from legacy.writer import CONTINUE
from shared_handlers.errors import HTTPError
from shared_handlers.http1 import Data

UNREAD_LIMIT = 65_536
"""Bytes of content nobody read that are waited for, so that the connection can go on."""


class Content:
    """The ChunkSource of one request."""

    __slots__ = ("_awaited", "_connection", "_patience", "_stream", "_unread", "ended")

    def __init__(self, head: Head, connection: Connection, stream: Stream, patience: float) -> None:
        self._connection = connection
        self._stream = stream
        self._patience = patience
        self._awaited = head.expects
        """The client holds the content back until it sees 100."""
        self._unread = head.length or 0
        """Bytes that nobody has asked for; none of chunks, which are counted as they come."""
        self.ended = False

    @property
    def arrived(self) -> bool:
        """Its length is known, and all of it is here."""
        remaining = self._connection.remaining
        return remaining is not None and remaining <= self._connection.buffered

    async def chunk(self) -> bytes:
        """The next piece, `b""` at the end; HTTPError 400 when it breaks off or is malformed, 408 when it stalls."""
        while not self.ended:
            event = self._connection.next_event()
            if type(event) is Data:
                self._awaited = False
                self._unread -= len(event.piece)
                return event.piece
            if event is None:
                await self._more()
            else:
                self.ended = True
        return b""

    def skip_arrived(self) -> bool:
        """Throw away what is here; True when the rest is little enough to `skip` after the answer.

        It may be large, or never come where the client was asked for nothing and awaits 100 (RFC 9110 section 10.1.1).
        Neither is decided by how much of it happens to be here.
        """
        try:
            return self.ended or (self._skippable and self._skip_events(UNREAD_LIMIT))
        except HTTPError:
            return False

    async def skip(self) -> bool:
        """Read on to the end without keeping anything; False when that is too far, or the client does not go on."""
        deadline = time.monotonic() + self._patience
        budget = UNREAD_LIMIT
        try:
            while not self.ended:
                if not (self._skippable and self._skip_events(budget)):
                    break
                data = b"" if self.ended else await self._stream.read(deadline)
                if not data:
                    break
                budget -= len(data)
                self._connection.receive(data)
        except (HTTPError, TimeoutError):
            return False
        return self.ended

    @property
    def _skippable(self) -> bool:
        return not self._awaited and self._unread <= UNREAD_LIMIT

    def _skip_events(self, budget: int) -> bool:
        """False when there is more than the budget."""
        while not self.ended and budget >= 0:
            event = self._connection.next_event()
            if event is None:
                return True
            if type(event) is Data:
                budget -= len(event.piece)
            else:
                self.ended = True
        return budget >= 0

    async def _more(self) -> None:
        if self._awaited and not (self._connection.content_begun or self._stream.arrived):
            self._stream.write(CONTINUE)
        self._awaited = False
        try:
            data = await self._stream.read(time.monotonic() + self._patience)
        except TimeoutError:
            self._connection.reusable = False
            raise HTTPError(408, "The content stopped arriving.") from None
        if not data:
            self._connection.reusable = False
            raise HTTPError(400, "The content ended before its end.")
        self._connection.receive(data)
