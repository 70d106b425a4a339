"""One connection's life: requests in order, each answered before the next one is looked at."""

from __future__ import annotations

import time
from contextlib import suppress

from legacy.connection import Connection
from legacy.exchange import exchange
from legacy.head import Head
from legacy.site import Site
from legacy.stream import Gone, Overloaded, Stream
from legacy.writer import head as encode_head
from shared_handlers.errors import HTTPError

LINGER = 2.0
"""Seconds for which a closing connection still takes what the client sends (RFC 9112 section 9.6)."""
_LINGER_BYTES = 1 << 22
_SOON = (("Retry-After", "1"),)
FULL = HTTPError(503, "There are too many connections.", _SOON)
BUSY = HTTPError(503, "There is too much to do.", _SOON)


async def converse(stream: Stream, site: Site) -> None:
    """Serve one connection until it ends; afterwards the stream has nothing left to do but to close."""
    conversation = Conversation(stream, site)
    try:
        while (head := await conversation.next_head()) is not None:
            if not await exchange(site, conversation.connection, stream, head):
                break
        stream.end()
        await conversation.linger()
    except Gone:
        return


async def turn_away(stream: Stream, site: Site, error: HTTPError = FULL) -> None:
    """Answer with `error`, whatever the client wants."""
    conversation = Conversation(stream, site)
    conversation.refuse(error)
    stream.end()
    with suppress(Gone):
        await conversation.linger()


class Conversation:
    """What the requests of one connection share."""

    __slots__ = ("_patience", "_site", "_stream", "connection")

    def __init__(self, stream: Stream, site: Site) -> None:
        self.connection = Connection(site.limits)
        self._stream = stream
        self._site = site
        self._patience = site.server.header_timeout
        """Seconds to wait for the first byte of the next request."""

    async def next_head(self) -> Head | None:
        """The next request's head; None when there is none: the client is done, silent, or has been refused."""
        connection, stream = self.connection, self._stream
        idle_until = time.monotonic() + self._patience
        self._patience = self._site.server.keepalive_timeout
        deadline: float | None = None
        head = None
        try:
            if connection.buffered:
                # One client's pipeline must not keep the others waiting.
                await stream.drain()
                head = connection.next_event()
            while head is None:
                if deadline is None and connection.buffered:
                    # From its first byte a head has so much time in all, however it trickles in.
                    deadline = time.monotonic() + self._site.server.header_timeout
                data = await stream.read(deadline or idle_until)
                if not data:
                    return None
                connection.receive(data)
                head = connection.next_event()
        except HTTPError as error:
            self.refuse(error)
            return None
        except Overloaded:
            self.refuse(BUSY)
            return None
        except TimeoutError:
            if deadline is not None:
                self.refuse(HTTPError(408, "The head of the request did not arrive in time."))
            return None
        assert isinstance(head, Head)  # noqa: S101  (each exchange reads its request to the End, or is the last)
        return head

    async def linger(self) -> None:
        """Take what the client still sends: unread bytes at the close would reset it, and cost it the answer."""
        deadline = time.monotonic() + LINGER
        budget = _LINGER_BYTES
        try:
            while budget > 0 and (data := await self._stream.read(deadline)):
                budget -= len(data)
        except TimeoutError:
            return

    def refuse(self, error: HTTPError) -> None:
        """Answer bytes that are no request, which is the last that is said on this connection.

        HEAD is answered without content, whatever is wrong with the rest (RFC 9110 section 9.3.2).
        """
        started = time.monotonic()
        pipeline = self._site.pipeline
        id, response = pipeline.unparsed(error)
        assert isinstance(response.body, bytes)  # noqa: S101  (a problem)
        head = encode_head(response.status, (1, 1), response.headers, len(response.body), "close")
        content = b"" if self.connection.asks_head else response.body
        self._stream.write(head + content)
        self._site.record_unparsed(id, self._stream.peer, response.status, len(content), time.monotonic() - started)
