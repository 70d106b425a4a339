"""A probe of what a multipart form is read as."""

from __future__ import annotations

import hashlib
from typing import Any

from shared_handlers.message import Request, Response, json_response
from shared_handlers.multipart import Part, read_multipart
from shared_handlers.routes import Route
from shared_handlers.services import Services


def routes(services: Services) -> tuple[Route, ...]:
    """`/probe/multipart`: every part in its order, with length and digest of its content."""
    return (Route("POST", "/probe/multipart", _parts, "probe.multipart"),)


async def _parts(request: Request) -> Response:
    parts: list[dict[str, Any]] = []
    digest = hashlib.sha256()
    async for event in read_multipart(request):
        if isinstance(event, Part):
            digest = hashlib.sha256()
            parts.append(event._asdict() | {"length": 0, "sha256": digest.hexdigest()})
        else:
            digest.update(event)
            parts[-1] |= {"length": parts[-1]["length"] + len(event), "sha256": digest.hexdigest()}
    return json_response({"parts": parts})
