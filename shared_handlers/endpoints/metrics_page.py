"""`/metrics`: what the server has done, in the text format of Prometheus."""

from __future__ import annotations

from shared_handlers.message import Endpoint, Request, Response
from shared_handlers.metrics import CONTENT_TYPE
from shared_handlers.routes import Route
from shared_handlers.services import Services

_FIELDS = (("Content-Type", CONTENT_TYPE), ("Cache-Control", "no-store"))


def routes(services: Services) -> tuple[Route, ...]:
    """GET `/metrics`."""
    return (Route("GET", "/metrics", _metrics(services), "metrics"),)


def _metrics(services: Services) -> Endpoint:
    async def metrics(request: Request) -> Response:
        """The same names on every server; the figures are this process's own."""
        return Response(200, _FIELDS, services.metrics.render(request.host))

    return metrics
