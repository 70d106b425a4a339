"""`/`: the page with the form that asks."""

from __future__ import annotations

from shared_handlers.message import Endpoint, Request, Response
from shared_handlers.pages import Pages
from shared_handlers.routes import Route
from shared_handlers.services import Services


def routes(services: Services) -> tuple[Route, ...]:
    """GET `/`."""
    return (Route("GET", "/", _page(services), "page"),)


def _page(services: Services) -> Endpoint:
    pages = Pages("page.js.jinja")
    rendered: dict[str, bytes] = {}

    async def page(request: Request) -> Response:
        """The same for everyone; it says which server answered."""
        name = request.host.name
        if name not in rendered:
            rendered[name] = pages.render("page.html.jinja", sites=services.index.sites.values(), server=name)
        return Response(200, pages.fields, rendered[name])

    return page
