"""The shared route table on aiohttp's router."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from typing import Any, cast

from aiohttp import web
from aiohttp.typedefs import Handler

from aiohttp_server.bridge import outgoing, sized
from aiohttp_server.eager import within
from aiohttp_server.exchange import EXCHANGE
from aiohttp_server.streams import PIECE
from shared_handlers.message import Endpoint, Request, Response
from shared_handlers.routes import ANY_METHOD, Resource, split_pattern

# Everything else, a line feed too: aiohttp's own 404 would come after a 100 (Continue).
_ANYWHERE = r"/{tail:(?s:.*)}"


def bind(router: web.UrlDispatcher, table: Iterable[Resource], seconds: float) -> Mapping[web.AbstractRoute, Resource]:
    """Register the table in its order; endpoints have `seconds` to answer. Gives the table's entry of each route."""
    bound = {route: entry for entry in table for route in _add(router, entry, seconds)}
    router.add_route(ANY_METHOD, _ANYWHERE, unreached, expect_handler=_expect_later)
    return bound


def native(pattern: str) -> str:
    r"""A pattern in aiohttp's words: there a plain variable would not match `{` and `}`, and `\d` the digits of every script."""
    parts = split_pattern(pattern)
    return "".join(part if isinstance(part, str) else f"{{{part[0]}:(?a:{part[1]})}}" for part in parts)


def _add(router: web.UrlDispatcher, entry: Resource, seconds: float) -> Iterator[web.AbstractRoute]:
    resource = router.add_resource(native(entry.pattern), name=entry.name or None)
    handlers = {method: _handler(endpoint, seconds) for method, endpoint in entry.endpoints.items()}
    # aiohttp takes the route of any method for the last word, so it has to be added last.
    rest = handlers.pop(ANY_METHOD, unreached)
    for method, handler in (*handlers.items(), (ANY_METHOD, rest)):
        yield resource.add_route(method, handler, expect_handler=_expect_later)


def _handler(endpoint: Endpoint, seconds: float) -> Handler:
    # An endpoint is an async function: its awaitable is a coroutine.
    start = cast(Callable[[Request], Coroutine[Any, Any, object]], endpoint)

    async def handle(web_request: web.Request) -> web.StreamResponse:
        exchange = web_request[EXCHANGE]
        work = start(exchange.request)
        try:
            waiting_for = work.send(None)
        except StopIteration as end:  # it never waited: no limit needed, nor a frame to keep one
            answer = end.value
        else:
            answer = await within(seconds, work, waiting_for)
        if type(answer) is Response and type(answer.body) is bytes and len(answer.body) <= PIECE:
            return sized(web_request, exchange, answer, answer.body)
        return await outgoing(web_request, answer)

    return handle


async def unreached(web_request: web.Request) -> web.StreamResponse:
    """The pipeline has refused the request: 404, or 405 with the table's own Allow."""
    raise web.HTTPNotFound


async def _expect_later(web_request: web.Request) -> None:
    """Send nothing: 100 (Continue) is for the endpoint that reads the content, so 404, 405 and 417 come without it."""
