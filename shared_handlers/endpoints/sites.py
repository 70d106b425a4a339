"""`/sites`: which sites can be asked, as JSON, as an event, or as a page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson

from shared_handlers import sse
from shared_handlers.accept import EVENTS, HTML, JSON, VARY_ACCEPT, preferred_form
from shared_handlers.message import Endpoint, Request, Response, json_response
from shared_handlers.pages import Pages
from shared_handlers.parameters import read_parameters
from shared_handlers.routes import Route, path_of
from shared_handlers.services import Services

SITES, PAGE = "/sites", "/"


def routes(services: Services) -> tuple[Route, ...]:
    """GET `/sites`."""
    return (Route("GET", SITES, _sites(services), "sites"),)


def _sites(services: Services) -> Endpoint:
    # The hyphen is NLWeb's; every other message has an underscore there.
    message = {"message-type": "sites", "sites": list(services.index.sites)}
    pages = Pages()
    html = pages.render(
        "sites.html.jinja", sites=services.index.sites.values(), here=path_of(SITES), page=path_of(PAGE)
    )
    fields = (*pages.fields, VARY_ACCEPT)

    async def sites(request: Request) -> Response:
        """In the form that the client prefers; `streaming` wins over Accept, and JSON over what weighs the same."""
        parameters = await read_parameters(request)
        form = preferred_form(request.headers, (JSON, EVENTS, HTML))
        if form != HTML or parameters.has("streaming"):
            form = EVENTS if parameters.streaming(request, otherwise=False) else JSON
        if form == EVENTS:
            return Response(200, (*sse.FIELDS, VARY_ACCEPT), _one_event(orjson.dumps(message)))
        if form == HTML:
            return Response(200, fields, html)
        return json_response(message, headers=(VARY_ACCEPT,))

    return sites


async def _one_event(data: bytes) -> AsyncIterator[bytes]:
    yield sse.event(data)
