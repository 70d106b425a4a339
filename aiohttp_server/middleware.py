"""The pipeline on aiohttp: one middleware around every endpoint, one signal on every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import HttpVersion10, HttpVersion11, hdrs, web
from aiohttp.typedefs import Handler

from aiohttp_server.bridge import incoming, sized
from aiohttp_server.closing import UNSOUND, must_close, send_last
from aiohttp_server.eager import Late
from aiohttp_server.exchange import CLIENT_LEFT, EXCHANGE, Exchange, Runtime
from aiohttp_server.streams import Cut
from shared_handlers.errors import HTTPError
from shared_handlers.hosting import SERVER
from shared_handlers.message import Response

Middleware = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
_VERSIONS: Final = frozenset({HttpVersion10, HttpVersion11})


def around(runtime: Runtime) -> Middleware:
    """The middleware: what comes before the endpoint, and what its failure becomes."""
    before = runtime.pipeline.before
    resources = runtime.resources

    @web.middleware
    async def pipeline(web_request: web.Request, handler: Handler) -> web.StreamResponse:
        route = web_request.match_info.route
        resource = resources.get(route.resource) if route.resource is not None else None
        request = incoming(web_request, runtime)
        exchange = web_request[EXCHANGE] = Exchange(runtime, request, resource)
        unsound = True
        try:
            early = before(request, resource)
            unsound = False
            response = await handler(web_request) if early is None else sized(web_request, early)
        except asyncio.CancelledError:
            exchange.record(CLIENT_LEFT)
            raise
        except Cut:
            raise
        except Exception as error:
            answer = _failure(error, exchange)
            unsound = unsound and answer.status in UNSOUND
            response = sized(web_request, answer)
        else:
            if not isinstance(response, web.Response):
                return response
            unsound = False
        if unsound or must_close(web_request):
            await send_last(web_request, response, exchange)
        return response

    return pipeline


def on_prepare(runtime: Runtime) -> Prepare:
    """The signal: the fields that every answer gets, streams and errors too."""
    after = runtime.pipeline.after
    host = runtime.host

    async def prepare(web_request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        headers[hdrs.SERVER] = SERVER
        exchange = web_request.get(EXCHANGE)
        if exchange is None:
            return
        if not exchange.typed:
            headers.pop(hdrs.CONTENT_TYPE, None)
        for name, value in after(exchange.request, headers.get(hdrs.VARY)):
            headers[name] = value
        if host.draining and response.status != 101:
            # aiohttp has written this field before the signal.
            headers[hdrs.CONNECTION] = "close"
            response.force_close()

    return prepare


def _failure(error: Exception, exchange: Exchange) -> Response:
    if isinstance(error, Late):
        error = HTTPError(504, "The answer was not ready in time.")
    elif isinstance(error, web.HTTPException):
        error = HTTPError(error.status)
    return exchange.runtime.pipeline.failure(error, exchange.request.id)
