"""The one route table, which each server binds with its own router."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple
from urllib.parse import quote

from shared_handlers.message import Endpoint, Request, Response

ANY_METHOD = "*"
_VARIABLE = re.compile(r"\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?P<pattern>[^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""What this server knows, sorted; only a wildcard route sees others."""


class Route(NamedTuple):
    """One method on one pattern.

    A pattern is a path with variables: `{name}` is one non-empty segment, `{name:regex}` what the expression
    matches, both decoded once, after matching. `*` as the method is any method.
    """

    method: str
    pattern: str
    endpoint: Endpoint
    name: str = ""
    access: Literal["public", "user"] = "public"
    scope: str = ""
    """What the credentials of a user must allow."""
    waits: bool = False
    """Whether it waits for others, or shares with other requests what belongs to an event loop.

    A server with threads runs it on the one loop that all such endpoints share; the others may run side by side.
    """
    max_body: int | None = None
    """Bytes of content that it takes, where that is not what the configuration says for all."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Every route of one pattern; HEAD stands beside GET, and OPTIONS is always there."""

    pattern: str
    endpoints: Mapping[str, Endpoint]
    allow: str
    """The value of the `Allow` field: the methods, sorted."""
    access: Mapping[str, Literal["public", "user"]]
    waiting: frozenset[str]
    """The methods whose endpoints wait."""
    name: str
    """By which it is known; empty when it has none."""
    max_body: Mapping[str, int]
    """The methods that take more or less content than others, and how many bytes."""

    def of(self, method: str) -> tuple[Endpoint, bool]:
        """The endpoint for a method that there is one for, and whether it waits."""
        endpoint = self.endpoints.get(method)
        if endpoint is None:
            return self.endpoints[ANY_METHOD], ANY_METHOD in self.waiting
        return endpoint, method in self.waiting

    @property
    def literal(self) -> bool:
        return "{" not in self.pattern


def resources(routes: Iterable[Route]) -> tuple[Resource, ...]:
    """The table by pattern, in the order in which to match it: literal before variable, long before short.

    The order of registration does not matter. Raises ValueError when a method is registered twice on a pattern.
    """
    by_pattern: dict[str, dict[str, Route]] = {}
    for route in routes:
        methods = by_pattern.setdefault(route.pattern, {})
        if route.method in methods:
            raise ValueError(f"{route.method} {route.pattern} is registered twice")
        methods[route.method] = route
    return tuple(sorted((_resource(*item) for item in by_pattern.items()), key=_precedence))


def path_of(pattern: str, **variables: str) -> str:
    """A path that the pattern matches, with these values for its variables, percent-encoded (RFC 3986 section 3.3).

    A tail keeps its slashes. ValueError when a variable is missing, unknown, or its value is none that would match.
    """
    parts: list[str] = []
    missing = dict(variables)
    for part in split_pattern(pattern):
        if isinstance(part, str):
            parts.append(part)
            continue
        name, expression = part
        value = missing.pop(name, None)
        if value is None or re.fullmatch(expression, value, re.ASCII) is None:
            raise ValueError(f"{pattern} can't have {value!r} for {name}")
        parts.append(quote(value, safe="/~" if expression == ".*" else "~"))
    if missing:
        raise ValueError(f"{pattern} has no {', '.join(missing)}")
    return "".join(parts)


def split_pattern(pattern: str) -> tuple[str | tuple[str, str], ...]:
    """A pattern as literal texts and `(name, regular expression)` variables, in order."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for variable in _VARIABLE.finditer(pattern):
        if variable.start() > end:
            parts.append(pattern[end : variable.start()])
        parts.append((variable["name"], variable["pattern"] or "[^/]+"))
        end = variable.end()
    if end < len(pattern):
        parts.append(pattern[end:])
    return tuple(parts)


def _resource(pattern: str, methods: Mapping[str, Route]) -> Resource:
    endpoints = {method: route.endpoint for method, route in methods.items()}
    access = {method: route.access for method, route in methods.items()}
    limits = {method: route.max_body for method, route in methods.items() if route.max_body is not None}
    waiting = {method for method, route in methods.items() if route.waits}
    if "GET" in endpoints and "HEAD" not in endpoints:
        endpoints["HEAD"], access["HEAD"] = endpoints["GET"], access["GET"]
        waiting |= {"HEAD"} if "GET" in waiting else set()
    allow = ", ".join(sorted(METHODS if ANY_METHOD in endpoints else {*endpoints, "OPTIONS"}))
    if ANY_METHOD not in endpoints and "OPTIONS" not in endpoints:
        endpoints["OPTIONS"], access["OPTIONS"] = _options(allow), "public"
    return Resource(
        pattern, MappingProxyType(endpoints), allow, MappingProxyType(access), frozenset(waiting),
        next(iter(methods.values())).name, MappingProxyType(limits),
    )  # fmt: skip


def _options(allow: str) -> Endpoint:
    async def options(request: Request) -> Response:
        """What the resource allows (RFC 9110 section 9.3.7)."""
        return Response(204, (("Allow", allow),))

    return options


def _precedence(resource: Resource) -> tuple[tuple[int, str], ...]:
    """Segment by segment: a literal before a variable with an expression, that before a plain one, a tail last."""
    return tuple((_rank(segment), segment) for segment in resource.pattern.split("/"))


def _rank(segment: str) -> int:
    if "{" not in segment:
        return 0
    if segment.endswith(":.*}"):
        return 3
    return 1 if ":" in segment else 2
