"""The life of a server: start, accept, drain, end."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from aiohttp_server.access_log import AccessLog
from aiohttp_server.connections import Connections
from aiohttp_server.exchange import RUNTIME, Runtime
from aiohttp_server.protocol import Connection
from aiohttp_server.site import Site
from shared_handlers.host import Drained
from shared_handlers.loop_report import LoopReport
from shared_handlers.signals import stop_signal

_CLEANUP_SECONDS = 0.5


async def serve(
    app: web.Application,
    listening: socket.socket,
    tls: ssl.SSLContext | None = None,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Serve `app` on the socket until SIGTERM or SIGINT, then drain; a second signal ends the process at once.

    `started` is called when connections are accepted.
    """
    with stop_signal() as stop:
        async with Hosted.on(app, listening, tls) as hosted:
            asyncio.get_running_loop().set_exception_handler(LoopReport(hosted.runtime.pipeline.log))
            started()
            await stop.wait()
            hosted.runtime.pipeline.log.event("info", "draining")
            drained = await hosted.drain()
            hosted.runtime.pipeline.log.event("info", "stopped", **drained._asdict())


class Hosted:
    """An application that accepts connections."""

    __slots__ = ("_connections", "_site", "runtime")

    def __init__(self, runtime: Runtime, site: Site, connections: Connections) -> None:
        self.runtime = runtime
        self._site = site
        self._connections = connections

    @classmethod
    @asynccontextmanager
    async def on(
        cls, app: web.Application, listening: socket.socket, tls: ssl.SSLContext | None = None
    ) -> AsyncIterator[Hosted]:
        """Start `app` on a listening socket; what is still under way at the end is cut."""
        runner = web.AppRunner(
            app, handler_cancellation=True, access_log_class=AccessLog, shutdown_timeout=_CLEANUP_SECONDS
        )
        try:
            await runner.setup()
            runtime = app[RUNTIME]
            limits = runtime.settings.server
            connections = Connections(runtime.host, limits)
            site = Site(
                runner, listening, _factory(runner, runtime, connections), tls, handshake_timeout=limits.header_timeout
            )
            await site.start()
            yield cls(runtime, site, connections)
        finally:
            await runner.cleanup()

    async def drain(self) -> Drained:
        """Say 503 to whoever asks whether to send more, stop listening, and see every connection to its end."""
        server = self.runtime.settings.server
        self.runtime.host.draining = True
        before = self._connections.ended
        await asyncio.sleep(server.drain_delay)
        await self._site.stop_accepting()
        said = asyncio.gather(*(leave() for leave in tuple(self.runtime.leave)), return_exceptions=True)
        idle = min(server.keepalive_timeout, server.drain_timeout)
        cut = await self._connections.end(idle, server.drain_timeout, self._cutting)
        await said
        return Drained(self._connections.ended - before - cut, cut)

    def _cutting(self, connections: int) -> None:
        self.runtime.pipeline.log.event("warning", "cutting what has not ended", connections=connections)


def _factory(runner: web.AppRunner, runtime: Runtime, connections: Connections) -> Callable[[], Connection]:
    server = runner.server
    assert server is not None  # noqa: S101  (set up by the caller)
    return partial(Connection, server, runtime, connections, loop=asyncio.get_running_loop())
