"""The life of a server: start, accept, drain, end."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from aiohttp import WSCloseCode, web

from aiohttp_server.access_log import AccessLog
from aiohttp_server.connections import Connections
from aiohttp_server.exchange import RUNTIME, Runtime
from aiohttp_server.protocol import Connection
from aiohttp_server.site import Site
from shared_handlers.settings import Settings

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_CLEANUP_SECONDS = 0.5


async def serve(
    app: web.Application, settings: Settings, listening: socket.socket, started: Callable[[], None] = lambda: None
) -> None:
    """Serve `app` on the socket until SIGTERM or SIGINT, then drain; a second signal ends it at once.

    `started` is called when connections are accepted. Signal handlers are as before afterwards.
    """
    runner = web.AppRunner(
        app, handler_cancellation=True, access_log_class=AccessLog, shutdown_timeout=_CLEANUP_SECONDS
    )
    try:
        await runner.setup()
        runtime = app[RUNTIME]
        connections = Connections(runtime.host, settings.server)
        site = Site(runner, listening, _factory(runner, runtime, connections), _tls(settings))
        with _signals() as (first, second):
            await site.start()
            started()
            await first.wait()
            await _first_of(_drain(site, runtime, connections), second.wait())
    finally:
        await runner.cleanup()


def _factory(runner: web.AppRunner, runtime: Runtime, connections: Connections) -> Callable[[], Connection]:
    server = runner.server
    assert server is not None  # noqa: S101  (set up by the caller)
    return partial(Connection, server, runtime, connections, loop=asyncio.get_running_loop())
