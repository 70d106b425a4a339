"""`/sites`: which sites can be asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson

from shared_handlers import sse
from shared_handlers.accept import VARY_ACCEPT
from shared_handlers.message import Endpoint, Request, Response, json_response
from shared_handlers.parameters import read_parameters
from shared_handlers.routes import Route
from shared_handlers.services import Services


def routes(services: Services) -> tuple[Route, ...]:
    """GET `/sites`."""
    return (Route("GET", "/sites", _sites(services), "sites"),)


def _sites(services: Services) -> Endpoint:
    # The hyphen is NLWeb's; every other message has an underscore there.
    message = {"message-type": "sites", "sites": list(services.index.sites)}

    async def sites(request: Request) -> Response:
        """The names, as JSON or, when asked for, as one event."""
        parameters = await read_parameters(request)
        if parameters.streaming(request, otherwise=False):
            return Response(200, (*sse.FIELDS, VARY_ACCEPT), _one_event(orjson.dumps(message)))
        return json_response(message, headers=(VARY_ACCEPT,))

    return sites


async def _one_event(data: bytes) -> AsyncIterator[bytes]:
    yield sse.event(data)
