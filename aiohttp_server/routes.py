"""The shared route table on aiohttp's router."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from aiohttp_server.bridge import outgoing, sized
from aiohttp_server.eager import within
from aiohttp_server.exchange import EXCHANGE
from shared_handlers.message import Endpoint, Response
from shared_handlers.routes import ANY_METHOD, Resource, split_pattern

# Everything else, a line feed too: aiohttp's own 404 would come after a 100 (Continue).
_ANYWHERE = r"/{tail:[\s\S]*}"


def bind(
    router: web.UrlDispatcher, table: Iterable[Resource], seconds: float
) -> Mapping[web.AbstractResource | None, Resource]:
    """Register the table in its order; endpoints have `seconds` to answer. Gives the table's entry of each resource."""
    bound: dict[web.AbstractResource | None, Resource] = {_add(router, entry, seconds): entry for entry in table}
    router.add_route(ANY_METHOD, _ANYWHERE, unreached, expect_handler=_expect_later)
    return bound


def native(pattern: str) -> str:
    """A pattern in aiohttp's words, in which a plain variable would not match `{` and `}`."""
    parts = split_pattern(pattern)
    return "".join(part if isinstance(part, str) else f"{{{part[0]}:{part[1]}}}" for part in parts)


def _add(router: web.UrlDispatcher, entry: Resource, seconds: float) -> web.AbstractResource:
    resource = router.add_resource(native(entry.pattern))
    for method, endpoint in entry.endpoints.items():
        if method != ANY_METHOD:
            resource.add_route(method, _handler(endpoint, seconds), expect_handler=_expect_later)
    other = entry.endpoints.get(ANY_METHOD)
    rest = unreached if other is None else _handler(other, seconds)
    resource.add_route(ANY_METHOD, rest, expect_handler=_expect_later)
    return resource


def _handler(endpoint: Endpoint, seconds: float) -> Handler:
    async def handle(web_request: web.Request) -> web.StreamResponse:
        exchange = web_request[EXCHANGE]
        answer = await within(seconds, endpoint(exchange.request))
        if type(answer) is Response and type(answer.body) is bytes:
            return sized(web_request, exchange, answer, answer.body)
        return await outgoing(web_request, answer)

    return handle


async def unreached(web_request: web.Request) -> web.StreamResponse:
    """The pipeline has refused the request: 404, or 405 with the table's own Allow."""
    raise web.HTTPNotFound


async def _expect_later(web_request: web.Request) -> None:
    """Send nothing: 100 (Continue) is for the endpoint that reads the content, so 404, 405 and 417 come without it."""
