"""The pipeline on aiohttp: one middleware around every endpoint, one signal on every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, cast

from aiohttp import HttpVersion10, HttpVersion11, hdrs, web
from aiohttp.typedefs import Handler, Middleware

from aiohttp_server.bridge import incoming, sized
from aiohttp_server.closing import send_last
from aiohttp_server.content import in_the_way
from aiohttp_server.eager import Late
from aiohttp_server.exchange import CLIENT_LEFT, EXCHANGE, Exchange, Runtime
from aiohttp_server.protocol import Connection
from aiohttp_server.streams import Cut
from shared_handlers.ascii import lower, strip
from shared_handlers.body import NO_BODY
from shared_handlers.errors import HTTPError, Unsound
from shared_handlers.hosting import SERVER
from shared_handlers.message import Response

Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
_VERSIONS: Final = frozenset({HttpVersion10, HttpVersion11})
_SWITCHING: Final = 101
_TOO_LARGE: Final = 413
_UPGRADE_REQUIRED: Final = 426


def around(runtime: Runtime) -> Middleware:
    """The middleware: what comes before the endpoint, and what its failure becomes."""
    before = runtime.pipeline.before
    resources = runtime.resources
    host = runtime.host

    @web.middleware
    async def pipeline(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = resources.get(request.match_info.route)
        asked = incoming(request, runtime)
        exchange = request[EXCHANGE] = Exchange(runtime, asked, resource)
        sound = True
        try:
            early = before(asked, resource)
            response = await handler(request) if early is None else sized(request, exchange, early, _bytes(early))
        except asyncio.CancelledError:
            exchange.record(CLIENT_LEFT)
            raise
        except Cut:
            raise
        except Exception as error:
            response = _problem(request, error, exchange)
            sound = _sound(request, error)
        # What most requests are, first: each call here is one for every request.
        plain = request.keep_alive and not host.draining and asked.body is NO_BODY and asked.version is HttpVersion11
        if not sound or (not plain and not response.prepared and _is_last(request, runtime, response)):
            await send_last(request, response)
        return response

    return pipeline


def on_prepare(runtime: Runtime) -> Prepare:
    """The signal: the fields that every answer gets, streams and errors too."""
    after = runtime.pipeline.after
    host = runtime.host

    async def prepare(web_request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        headers[hdrs.SERVER] = SERVER
        try:
            exchange = web_request[EXCHANGE]
        except KeyError:
            return
        if not exchange.typed:
            headers.pop(hdrs.CONTENT_TYPE, None)
        if exchange.chunked_head:
            headers[hdrs.TRANSFER_ENCODING] = "chunked"
        vary = headers.getall(hdrs.VARY, None)
        for name, value in after(exchange.request, None if vary is None else ", ".join(vary)):
            headers[name] = value
        last = host.draining or _kept_by_mistake(web_request)
        if last or response.status == _UPGRADE_REQUIRED:
            _say_connection(web_request, response, last=last)

    return prepare


def _say_connection(web_request: web.Request, response: web.StreamResponse, *, last: bool) -> None:
    """Write the Connection field anew: aiohttp has written it before the signal."""
    if response.status == _SWITCHING:
        return
    if last:
        response.force_close()
    options = ["upgrade"] if response.status == _UPGRADE_REQUIRED else []
    if not response.keep_alive and web_request.version >= HttpVersion11:
        options.append("close")
    if options:
        response.headers[hdrs.CONNECTION] = ", ".join(options)
    elif not response.keep_alive:
        response.headers.pop(hdrs.CONNECTION, None)


def _kept_by_mistake(web_request: web.Request) -> bool:
    """HTTP/1.0 that aiohttp would keep alive, though `close` is said as well, or it is Proxy-Connection that asks for it.

    Proxy-Connection may come from behind a proxy that knows no persistence (RFC 9112 appendix C.2.2).
    """
    if web_request.version != HttpVersion10 or not web_request.keep_alive:
        return False
    asked = _options(web_request, hdrs.CONNECTION)
    return "keep-alive" not in asked or "close" in asked | _options(web_request, "Proxy-Connection")


def _options(web_request: web.Request, name: str) -> set[str]:
    return {lower(strip(option)) for line in web_request.headers.getall(name, ()) for option in line.split(",")}


def _is_last(web_request: web.Request, runtime: Runtime, response: web.StreamResponse) -> bool:
    """The connection ends with this answer: the client may still be sending, and is to read it all the same."""
    if not web_request.keep_alive or runtime.host.draining:
        return True
    if response.status == _TOO_LARGE and not web_request.content.is_eof():
        return True
    return in_the_way(web_request) or _kept_by_mistake(web_request)


def _sound(web_request: web.Request, error: Exception) -> bool:
    """Whether the end of the request is beyond doubt (RFC 9112 sections 2.3 and 6.1)."""
    if web_request.version not in _VERSIONS:
        cast(Connection, web_request.protocol).answer_in_http11(web_request)
        return False
    return not isinstance(error, Unsound)


def _problem(web_request: web.Request, error: Exception, exchange: Exchange) -> web.Response:
    if isinstance(error, Late):
        error = HTTPError(504, "The answer took too long.")
    elif isinstance(error, web.HTTPException):
        error = HTTPError(error.status)
    answer = exchange.runtime.pipeline.failure(error, exchange.request.id)
    return sized(web_request, exchange, answer, _bytes(answer))


def _bytes(answer: Response) -> bytes:
    """The content of an answer that a policy made."""
    if isinstance(answer.body, bytes):
        return answer.body
    raise TypeError("a policy answers in bytes")
