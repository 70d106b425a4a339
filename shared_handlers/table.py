"""The one table of every route of the service: each area of endpoints gives its own."""

from __future__ import annotations

from collections.abc import Callable

from shared_handlers.endpoints import (
    ask,
    chat,
    conversations,
    health,
    items,
    metrics_page,
    oauth,
    page,
    probe,
    probe_answers,
    probe_identity,
    probe_limited,
    probe_multipart,
    probe_streams,
    probe_websocket,
    sites,
    static,
    who,
)
from shared_handlers.policies.compression import coded
from shared_handlers.routes import Route
from shared_handlers.services import Services

_UNLIMITED = frozenset({"/health", "/ready", "/metrics"})
"""What watches the server must not be told to come again later."""
_UNCODED = _UNLIMITED | {"/static/{path:.*}", "/html/{path:.*}"}
"""Too short, or with coded siblings."""
Area = Callable[[Services], tuple[Route, ...]]

AREAS: tuple[Area, ...] = (
    health.routes,
    static.routes,
    ask.routes,
    chat.routes,
    who.routes,
    sites.routes,
    conversations.routes,
    oauth.routes,
    items.routes,
    page.routes,
    metrics_page.routes,
)
"""An area is a module in `endpoints`; add its `routes` here."""
TESTING_AREAS: tuple[Area, ...] = (
    probe.routes,
    probe_answers.routes,
    probe_streams.routes,
    probe_websocket.routes,
    probe_identity.routes,
    probe_limited.routes,
    probe_multipart.routes,
)
"""Those that exist in `mode: testing` only."""


def routes(services: Services) -> tuple[Route, ...]:
    """Every route that the settings ask for, each behind its door and its limits; their order does not matter."""
    areas = AREAS + TESTING_AREAS if services.settings.mode == "testing" else AREAS
    return tuple(_guarded(services, route) for area in areas for route in area(services))


def _guarded(services: Services, route: Route) -> Route:
    """Limits of addresses stand before the door: who may not come in is counted, too. Answers are coded behind all of it."""
    limits, compression = services.limits, services.settings.compression
    if compression.enabled and route.pattern not in _UNCODED:
        route = coded(route, compression.min_size)
    if limits is None:
        return services.guard.guarded(route)
    if route.access == "user":
        route = limits.of_users(route)
    route = services.guard.guarded(route)
    return route if route.pattern in _UNLIMITED else limits.of_clients(route)
