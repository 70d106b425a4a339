"""What belongs to the running application and to one exchange of it, and the keys under which aiohttp keeps them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from shared_handlers.host import HostState
from shared_handlers.message import Request
from shared_handlers.pipeline import Pipeline
from shared_handlers.routes import Resource
from shared_handlers.settings import Settings

CLIENT_LEFT: Final = 499
NO_CONTENT: Final = frozenset({204, 304})
"""Statuses whose answers end with their head (RFC 9112 section 6.3)."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The application once its services are open."""

    settings: Settings
    host: HostState
    pipeline: Pipeline
    resources: Mapping[web.AbstractRoute, Resource]
    """The shared table's resource behind each of aiohttp's routes."""
    leave: set[Callable[[], Awaitable[None]]] = field(default_factory=set)
    """What says to the client of each open WebSocket that the server stops."""


class Exchange:
    """One request on its way to its final answer; it writes its access record once."""

    __slots__ = ("_began", "chunked_head", "recorded", "request", "resource", "runtime", "sent", "typed")

    def __init__(self, runtime: Runtime, request: Request, resource: Resource | None) -> None:
        self.runtime = runtime
        self.request = request
        self.resource = resource
        self.sent = 0
        """Bytes of content given to the connection."""
        self.typed = True
        """The endpoint gave a Content-Type; aiohttp would make one up."""
        self.chunked_head = False
        """HEAD of what GET would have in chunks; aiohttp would not say so."""
        self.recorded = False
        self._began = time.monotonic()

    def record(self, status: int) -> None:
        """Count the exchange and write its access record; the first call counts."""
        if self.recorded:
            return
        self.recorded = True
        seconds = time.monotonic() - self._began
        self.runtime.pipeline.record(self.request, self.resource, status, self.sent, seconds)


EXCHANGE: Final = web.RequestKey("exchange", Exchange)
HOST: Final = web.AppKey("host", HostState)
RUNTIME: Final = web.AppKey("runtime", Runtime)
