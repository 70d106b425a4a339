"""The engine of threads: the event loop accepts and drains, a pool of workers steps what is said (thread_pool.py).

What may wait for anything but the client's next request is carried by the event loop as long as it lasts: streams,
WebSockets, content that is still arriving, endpoints whose route says that they wait. Connections over TLS are the
loop's from first to last.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from legacy.asyncio_engine import Engine
from legacy.asyncio_stream import AsyncioStream
from legacy.conversation import BUSY, converse, turn_away
from legacy.site import Site
from legacy.stream import Overloaded
from legacy.thread_pool import Pool, Size
from legacy.thread_stream import READ, ThreadStream
from shared_handlers.hosting import accept_waiting
from shared_handlers.loop_report import CANNOT_ACCEPT

_AT_A_TIME = 64
_NO_DESCRIPTORS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_PAUSE = 1.0
"""Seconds without accepting, when there is no descriptor left."""


class ThreadEngine(Engine):
    """Every connection of one server. Its own methods are called on the event loop, but those of `thread_pool.Owner`."""

    def __init__(self, site: Site, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(site, loop)
        limits = site.server.threads
        self._pool = Pool(Size(limits.min_workers, limits.max_workers, limits.max_queue, limits.idle_timeout), self)
        self._accepting = False

    @property
    def workers(self) -> int:
        """How many there are now."""
        return self._pool.workers

    async def listen(self, listening: socket.socket, tls: ssl.SSLContext | None) -> None:
        """Accept connections from here on."""
        self._pool.start()
        if tls is not None:
            await super().listen(listening, tls)
            return
        listening.setblocking(False)
        self._listening = listening
        self._accept_on()

    async def stop(self) -> None:
        """Stop at once: every connection is cut."""
        await super().stop()
        self._pool.stop()

    def to_loop(self, stream: ThreadStream) -> None:
        """Carry it on where application code may wait."""
        self._on_loop(self._adopt, stream)

    def over(self, stream: ThreadStream, failure: BaseException | None) -> None:
        """Its conversation has ended, or a fault of the server itself cost it."""
        stream.close()
        if failure is not None:
            self.failed(failure)
        self._on_loop(self.closed, stream)

    def refuse(self, stream: ThreadStream) -> BaseException | None:
        """What to raise where it waits; None when it has not begun, and now says no more than that."""
        if stream.begun:
            return Overloaded()
        stream.say(turn_away(stream, self._site, BUSY))
        return None

    def _on_loop(self, what: Callable[[ThreadStream], None], stream: ThreadStream) -> None:
        with suppress(RuntimeError):  # a worker that was held has outlived the loop: nobody counts its stream any more
            self._loop.call_soon_threadsafe(what, stream)

    def _accept_on(self) -> None:
        if self._listening is not None and self._listening.fileno() >= 0:
            self._loop.add_reader(self._listening, self._accept)
            self._accepting = True

    def _accept_off(self) -> None:
        if self._listening is not None and self._accepting:
            self._loop.remove_reader(self._listening)
            self._accepting = False

    def _accept(self) -> None:
        assert self._listening is not None  # noqa: S101  (set before there is a reader)
        try:
            for _ in range(_AT_A_TIME):
                self._begin(*self._listening.accept())
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno not in _NO_DESCRIPTORS:
                raise
            self._site.pipeline.log.event("error", CANNOT_ACCEPT, reason=error.strerror)
            self._accept_off()
            self._loop.call_later(_PAUSE, self._accept_on)

    def _begin(self, accepted: socket.socket, address: Any) -> None:
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = ThreadStream(accepted, address[0], self._site.server.write_timeout, self._release)
        if not self._admit(stream):
            stream.say(turn_away(stream, self._site))
            self._pool.submit(stream)
            return
        stream.say(converse(stream, self._site))
        stream.events, stream.deadline = READ, time.monotonic() + self._site.server.header_timeout
        self._pool.park(stream)

    async def _stop_listening(self) -> None:
        if self._server is not None:
            await super()._stop_listening()
            return
        if self._listening is None or self._listening.fileno() < 0:
            return
        self._accept_off()
        for made in accept_waiting(self._listening):
            self._begin(made, made.getpeername())
        self._listening.close()

    def _adopt(self, stream: ThreadStream) -> None:
        carried = self._loop.connect_accepted_socket(partial(self._carrier, stream), stream.socket)
        self._loop.create_task(carried).add_done_callback(partial(self._adopted, stream))

    def _carrier(self, stream: ThreadStream) -> AsyncioStream:
        return AsyncioStream(_Carried(self, stream), self._loop, self._site.server.write_timeout)

    def _adopted(self, stream: ThreadStream, done: asyncio.Task[Any]) -> None:
        """A connection that ended on its way has no carrier."""
        if done.cancelled() or done.exception() is not None:
            stream.forsake()
            self.over(stream, None)

    def _release(self, stream: ThreadStream) -> None:
        assert stream.carrier is not None  # noqa: S101  (only a carried stream comes here)
        stream.released(stream.carrier.released())
        self._pool.submit(stream)


class _Carried:
    """Whom an AsyncioStream that carries a stream of the pool tells of its end."""

    def __init__(self, engine: ThreadEngine, stream: ThreadStream) -> None:
        self._engine = engine
        self._stream = stream

    def opened(self, stream: AsyncioStream) -> Coroutine[Any, Any, None]:
        return self._stream.resumed(stream)

    def closed(self, stream: AsyncioStream) -> None:
        if self._stream.carrier is stream:
            self._engine.closed(self._stream)

    def failed(self, error: BaseException) -> None:
        self._engine.failed(error)
