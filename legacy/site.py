"""The application as this server hosts it: what every connection needs, made once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from multidict import CIMultiDict, CIMultiDictProxy

from legacy.connection import Limits
from legacy.head import Head
from legacy.router import Match, Router
from shared_handlers import grammar
from shared_handlers.host import HostState
from shared_handlers.message import Body, Headers, Request
from shared_handlers.pipeline import Pipeline
from shared_handlers.routes import Resource, Route, resources
from shared_handlers.services import Services
from shared_handlers.settings import Server
from shared_handlers.table import routes


class Location(NamedTuple):
    """A request target taken apart, and what is there."""

    path: str
    query_string: str
    authority: str | None
    match: Match


class Site(NamedTuple):
    """The routes, the policies and the limits, the same for every connection."""

    locate: Callable[[str], Location]
    """What a request target means."""
    pipeline: Pipeline
    host: HostState
    limits: Limits
    server: Server
    scheme: str
    closers: set[Callable[[], Awaitable[None]]]
    """What ends an open WebSocket when the server drains."""

    @classmethod
    def of(cls, services: Services, more: Iterable[Route] = ()) -> Site:
        """Bind the route table, with `more` routes in it, and the policies of `services`."""
        settings = services.settings
        server = settings.server
        return cls(
            _locator(Router(resources((*routes(services), *more)))),
            Pipeline(settings, services.log, services.metrics),
            HostState("legacy"),
            Limits(server.max_head, server.max_fields),
            server,
            "https" if server.ssl.enabled else "http",
            set(),
        )

    def request(self, head: Head, body: Body, peer: str) -> tuple[Request, Resource | None]:
        """The request as endpoints see it, and the resource that it is for."""
        method, target, version, headers, *_ = head
        path, query_string, authority, (resource, params) = self.locate(target)
        if authority is not None:
            headers = _with_host(headers, authority)
        request = Request(
            method=method, target=target, path=path, query_string=query_string, version=version, headers=headers,
            params=params, body=body, peer=peer, scheme=self.scheme, host=self.host, id=self.pipeline.identify(headers),
        )  # fmt: skip
        return request, resource

    def record(self, request: Request, resource: Resource | None, status: int, sent: int, seconds: float) -> None:
        """Write the access record of one exchange that is over."""
        self.pipeline.record(request, resource, status, sent, seconds)

    def record_unparsed(self, id: str, peer: str, status: int, sent: int, seconds: float) -> None:
        """The same for an answer to bytes that never became a request."""
        self.pipeline.record_unparsed(id, peer, status, sent, seconds, self.host.name)


def _locator(router: Router) -> Callable[[str], Location]:
    """The router, remembering what it was asked last."""

    @lru_cache(maxsize=1024)
    def locate(target: str) -> Location:
        path, query_string, authority = grammar.parse_target(target)
        return Location(path, query_string, authority, router.match(grammar.routing_path(path)))

    return locate


def _with_host(headers: Headers, authority: str) -> Headers:
    """The authority of an absolute-form target stands in for the Host field (RFC 9112 section 3.2.2)."""
    changed = CIMultiDict(headers)
    changed["Host"] = authority
    return CIMultiDictProxy(changed)
