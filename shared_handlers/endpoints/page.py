"""`/`: the page with the form that asks."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shared_handlers.message import Endpoint, Request, Response
from shared_handlers.routes import Route
from shared_handlers.services import Services


def routes(services: Services) -> tuple[Route, ...]:
    """GET `/`."""
    return (Route("GET", "/", _page(services), "page"),)


def _page(services: Services) -> Endpoint:
    templates = Environment(loader=PackageLoader("shared_handlers"), autoescape=True, undefined=StrictUndefined)
    style, script = (templates.get_template(name).render() for name in ("page.css.jinja", "page.js.jinja"))
    template = templates.get_template("page.html.jinja")
    fields = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-cache"),
        ("Content-Security-Policy", _policy(style, script)),
    )
    rendered: dict[str, bytes] = {}

    async def page(request: Request) -> Response:
        """The same for everyone; it says which server answered."""
        name = request.host.name
        if name not in rendered:
            sites = services.index.sites.values()
            html = template.render(style=Markup(style), script=Markup(script), sites=sites, server=name)  # noqa: S704
            rendered[name] = html.encode()
        return Response(200, fields, rendered[name])

    return page


def _policy(style: str, script: str) -> str:
    """Only what stands in the page itself may run, and it may only talk to this server (CSP level 3)."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
