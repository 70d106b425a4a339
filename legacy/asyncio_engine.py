"""Accepting connections on asyncio, their time-outs, and the drain at the end."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Protocol

from legacy.asyncio_stream import AsyncioStream
from legacy.conversation import converse, turn_away
from legacy.site import Site
from shared_handlers.host import Drained
from shared_handlers.hosting import BACKLOG, FLUSH, accept_waiting

SWEEP = 0.5
"""Seconds between two looks at what has taken too long."""
_CUT = 1.0
"""Seconds for cancelled work to end."""


class Open(Protocol):
    """What is asked here of an open connection."""

    @property
    def peer(self) -> str: ...

    def sweep(self, now: float) -> None:
        """End what has taken too long."""

    def cut(self, *, gently: bool = False) -> None:
        """End it now, whatever is under way; `gently` lets a stream's client have what was made of it so far."""


class Engine:
    """Every connection of one server."""

    def __init__(self, site: Site, loop: asyncio.AbstractEventLoop) -> None:
        self._site = site
        self._loop = loop
        self._streams: set[Open] = set()
        self._by_address: Counter[str] = Counter()
        self._ended = 0
        """How many connections have ended."""
        self._empty = asyncio.Event()
        self._listening: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._tls: ssl.SSLContext | None = None
        self._sweeper = loop.create_task(self._sweep())

    async def listen(self, listening: socket.socket, tls: ssl.SSLContext | None) -> None:
        """Accept connections from here on."""
        self._listening, self._tls = listening, tls
        self._server = await self._loop.create_server(
            self._connection, sock=listening, backlog=BACKLOG, ssl=tls, ssl_handshake_timeout=self._handshake_timeout
        )

    async def drain(self) -> Drained:
        """Stop when what is under way has ended, or the drain time-out has passed.

        An idle connection is not closed before it has been told so by its next answer: its client may be sending. What is
        still streaming at the end gets what was made of it so far, up to the last whole piece.
        """
        server = self._site.server
        self._site.host.draining = True
        before = self._ended
        await asyncio.sleep(server.drain_delay)
        await self._stop_listening()
        for close in tuple(self._site.closers):
            await close()
        await self._emptied(server.drain_timeout)
        drained = Drained(self._ended - before, len(self._streams))
        if drained.cut:
            self._site.pipeline.log.event("warning", "cutting what has not ended", connections=drained.cut)
            for stream in tuple(self._streams):
                stream.cut(gently=True)
            await self._emptied(FLUSH)
        await self.stop()
        return drained

    async def stop(self) -> None:
        """Stop at once: every connection is cut."""
        await self._stop_listening()
        for stream in tuple(self._streams):
            stream.cut()
        await self._emptied(_CUT)
        self._sweeper.cancel()

    def opened(self, stream: AsyncioStream) -> Coroutine[Any, Any, None]:
        """What is said on a new connection: too many of them are turned away."""
        return converse(stream, self._site) if self._admit(stream) else turn_away(stream, self._site)

    def closed(self, stream: Open) -> None:
        """A connection has ended."""
        self._site.host.connections -= 1
        self._ended += 1
        self._streams.discard(stream)
        self._by_address[stream.peer] -= 1
        if not self._by_address[stream.peer]:
            del self._by_address[stream.peer]
        if not self._streams:
            self._empty.set()

    def failed(self, error: BaseException) -> None:
        """A fault of the server itself cost a connection."""
        self._site.pipeline.log.failure("conversation failed", error)

    def _admit(self, stream: Open) -> bool:
        """Count it in; False when it is one too many."""
        server = self._site.server
        room = (
            len(self._streams) < server.max_connections
            and self._by_address[stream.peer] < server.max_connections_per_address
        )
        self._streams.add(stream)
        self._by_address[stream.peer] += 1
        self._site.host.connections += 1
        return room

    @property
    def _handshake_timeout(self) -> float | None:
        """Seconds, as for a head: until then a client of TLS is not even counted."""
        return None if self._tls is None else self._site.server.header_timeout

    def _connection(self) -> AsyncioStream:
        return AsyncioStream(self, self._loop, self._site.server.write_timeout)

    async def _stop_listening(self) -> None:
        if self._server is None or self._listening is None or not self._server.is_serving():
            return
        # A connection accepted in the very turn that closes the server would hang: asyncio drops it in silence.
        self._loop.remove_reader(self._listening.fileno())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting = accept_waiting(self._listening)
        self._server.close()
        if waiting:
            await asyncio.wait([self._loop.create_task(self._accepted(made)) for made in waiting], timeout=_CUT)

    async def _accepted(self, connection: socket.socket) -> None:
        """Serve a connection that was made before the listening ended."""
        with suppress(OSError):
            await self._loop.connect_accepted_socket(
                self._connection, connection, ssl=self._tls, ssl_handshake_timeout=self._handshake_timeout
            )

    async def _emptied(self, within: float) -> None:
        """Wait until no connection is left, but no longer than so many seconds."""
        self._empty.clear()
        if self._streams:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._empty.wait()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            now = time.monotonic()
            for stream in tuple(self._streams):
                stream.sweep(now)
