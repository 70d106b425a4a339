"""A probe of the rate limit, which `mode: testing` leaves off elsewhere."""

from __future__ import annotations

from shared_handlers.message import Request, Response, json_response
from shared_handlers.policies.ratelimit import Limiter
from shared_handlers.routes import Route
from shared_handlers.services import Services

_BURST, _SECONDS = 5, 3600
"""So few in an hour that none is added while a case runs."""


def routes(services: Services) -> tuple[Route, ...]:
    """`/probe/limited/{key}`: five requests a key."""
    endpoint = Limiter("probe", _BURST, _SECONDS, _BURST).around(_limited, lambda request: request.params["key"])
    return tuple(Route(method, "/probe/limited/{key}", endpoint, "probe.limited") for method in ("GET", "POST"))


async def _limited(request: Request) -> Response:
    return json_response({"key": request.params["key"]})
