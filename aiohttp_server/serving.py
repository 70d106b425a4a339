"""The life of a server: start, accept, drain, end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from aiohttp import WSCloseCode, web

from aiohttp_server.access_log import AccessLog
from aiohttp_server.connections import Connections
from aiohttp_server.exchange import RUNTIME, Runtime
from aiohttp_server.protocol import Connection
from aiohttp_server.site import Site

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_CLEANUP_SECONDS = 0.5


async def serve(
    app: web.Application,
    listening: socket.socket,
    tls: ssl.SSLContext | None = None,
    started: Callable[[], None] = lambda: None,
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
        connections = Connections(runtime.host, runtime.settings.server)
        site = Site(runner, listening, _factory(runner, runtime, connections), tls)
        with _asked_to_stop() as asked:
            await site.start()
            started()
            await asked.wait()
            await _drain(site, runtime, connections)
    finally:
        await runner.cleanup()


def _factory(runner: web.AppRunner, runtime: Runtime, connections: Connections) -> Callable[[], Connection]:
    server = runner.server
    assert server is not None  # noqa: S101  (set up by the caller)
    return partial(Connection, server, runtime, connections, loop=asyncio.get_running_loop())


@contextmanager
def _asked_to_stop() -> Iterator[asyncio.Event]:
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def on_signal(number: int) -> None:
        if asked.is_set():
            os._exit(128 + number)
        asked.set()

    for number in _SIGNALS:
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield asked
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


async def _drain(site: Site, runtime: Runtime, connections: Connections) -> None:
    """Say 503 to whoever asks whether to send more, then stop listening, then see every connection to its end."""
    server = runtime.settings.server
    runtime.host.draining = True
    await asyncio.sleep(server.drain_delay)
    await site.stop()
    goodbyes = (websocket.close(code=WSCloseCode.GOING_AWAY) for websocket in tuple(runtime.websockets))
    said = asyncio.gather(*goodbyes, return_exceptions=True)
    await connections.end(min(server.keepalive_timeout, server.drain_timeout), server.drain_timeout)
    await said
