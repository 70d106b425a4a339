"""The application: services opened with it, routes and pipeline bound to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable

from aiohttp import web

from aiohttp_server.exchange import HOST, RUNTIME, Runtime
from aiohttp_server.middleware import around, on_prepare
from aiohttp_server.routes import bind
from shared_handlers.host import HostState
from shared_handlers.logs import Log
from shared_handlers.pipeline import Pipeline
from shared_handlers.routes import Route, resources
from shared_handlers.services import Services, open_services
from shared_handlers.settings import Settings
from shared_handlers.table import routes

NAME = "aiohttp"


Table = Callable[[Services], Iterable[Route]]


def create_app(settings: Settings, log: Log | None = None, table: Table = routes) -> web.Application:
    """The whole service as an aiohttp application; what it needs is opened when it starts and closed when it ends.

    `table` gives the routes. OSError when the log file of the settings can't be written.
    """
    app = web.Application()
    app[HOST] = HostState(NAME)
    app.cleanup_ctx.append(_lifetime(settings, log or open_log(settings), table))
    return app


def open_log(settings: Settings) -> Log:
    """The log that the settings ask for; OSError when its file can't be written."""
    return Log(settings.server.logging.level, settings.server.logging.file)


def _lifetime(settings: Settings, log: Log, table: Table) -> Callable[[web.Application], AsyncIterator[None]]:
    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        async with open_services(settings, log) as services:
            pipeline = Pipeline(settings, log, services.metrics)
            bound = bind(app.router, resources(table(services)), settings.server.timeout)
            runtime = app[RUNTIME] = Runtime(settings, app[HOST], pipeline, bound)
            app.middlewares.append(around(runtime))
            app.on_response_prepare.append(on_prepare(runtime))
            yield

    return lifetime
