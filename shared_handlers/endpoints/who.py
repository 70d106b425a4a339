"""`/who`: which sites can answer a question."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson

from shared_handlers import sse
from shared_handlers.accept import VARY_ACCEPT
from shared_handlers.message import Endpoint, Request, Response, json_response
from shared_handlers.nlweb import Message, message, read_query_id
from shared_handlers.parameters import read_parameters
from shared_handlers.routes import Route
from shared_handlers.services import Services


def routes(services: Services) -> tuple[Route, ...]:
    """GET and POST `/who`."""
    endpoint = _who(services)
    return tuple(Route(method, "/who", endpoint, "who", waits=True) for method in ("GET", "POST"))


def _who(services: Services) -> Endpoint:
    async def who(request: Request) -> Response:
        """The sites that have a match, best first, as JSON or, when asked for, as events that end with `complete`."""
        parameters = await read_parameters(request)
        query, query_id = parameters.required("query"), read_query_id(parameters)
        ranked = await services.index.rank_sites(query)
        results = [
            {"site": site.name, "name": site.name, "score": score, "description": site.description}
            for site, score in ranked
        ]
        answer = message("result", query_id, results=results)
        if parameters.streaming(request, otherwise=False):
            return Response(200, (*sse.FIELDS, VARY_ACCEPT), _events(answer, message("complete", query_id)))
        return json_response(answer, headers=(VARY_ACCEPT,))

    return who


async def _events(*messages: Message) -> AsyncIterator[bytes]:
    for step in messages:
        yield sse.event(orjson.dumps(step))
