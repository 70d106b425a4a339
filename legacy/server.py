"""The running server: open the services, listen, and stop as the signals say."""

from __future__ import annotations

import asyncio
import os
import select
import socket

from legacy.asyncio_engine import Engine
from legacy.site import Site
from shared_handlers.hosting import announce
from shared_handlers.logs import Log
from shared_handlers.loop_report import LoopReport
from shared_handlers.services import open_services
from shared_handlers.settings import Settings
from shared_handlers.signals import stop_signal

ENGINES = ("asyncio", "threads")


class Unsupported(Exception):
    """The engine can't run on this system; the text says why."""


async def serve(settings: Settings, listening: socket.socket, log: Log, engine: str = ENGINES[0]) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends the process at once.

    StoreError when the content can't be had; Unsupported.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(LoopReport(log))
    with stop_signal() as stop:
        async with open_services(settings, log) as services:
            tls = settings.server.ssl
            site = Site.of(services)
            serving = engine_of(engine)(site, loop)
            await serving.listen(listening, tls.context(os.environ) if tls.enabled else None)
            announce(listening, "https" if tls.enabled else "http")
            await stop.wait()
            site.host.draining = True  # before it is said: workers answer meanwhile
            log.event("info", "draining")
            drained = await serving.drain()
            log.event("info", "stopped", **drained._asdict())


def engine_of(name: str) -> type[Engine]:
    """The engine of that name; Unsupported."""
    if name == "asyncio":
        return Engine
    if not hasattr(select, "epoll"):
        raise Unsupported("the engine of threads needs Linux, for its workers wait with epoll: use --engine asyncio")
    from legacy.thread_engine import ThreadEngine

    return ThreadEngine
