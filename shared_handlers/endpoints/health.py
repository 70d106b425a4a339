"""Whether the server is alive, and whether it should be sent requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from shared_handlers.message import Request, Response, json_response
from shared_handlers.routes import Route
from shared_handlers.services import Services
from shared_handlers.version import VERSION

_NOT_STORED = (("Cache-Control", "no-store"),)


def routes(services: Services) -> tuple[Route, ...]:
    """`/health` and `/ready`."""
    mode = services.settings.mode

    async def health(request: Request) -> Response:
        """Alive as long as the event loop turns: it asks nothing of anything else."""
        host = request.host
        return json_response(
            {
                "status": "healthy",
                "server": host.name,
                "version": VERSION,
                "uptime_seconds": int(host.uptime * 1e3) / 1e3,
                "mode": mode,
            },
            headers=_NOT_STORED,
        )

    async def ready(request: Request) -> Response:
        """200, or 503 as soon as the server drains or something it needs is not there."""
        checks = {"accepting": "draining" if request.host.draining else "ok"}
        checks |= {name: "ok" if holds() else "failed" for name, holds in services.checks.items()}
        checks |= dict(zip(services.probes, await asyncio.gather(*map(_asked, services.probes.values())), strict=True))
        good = all(found == "ok" for found in checks.values())
        return json_response(
            {"status": "ready" if good else "not_ready", "checks": checks}, 200 if good else 503, _NOT_STORED
        )

    return (Route("GET", "/health", health, "health"), Route("GET", "/ready", ready, "ready", waits=True))


async def _asked(probe: Callable[[], Awaitable[bool]]) -> str:
    return "ok" if await probe() else "failed"
