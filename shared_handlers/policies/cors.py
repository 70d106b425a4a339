"""Which origins may read answers, and what they may send (WHATWG Fetch section 3.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import Self

from multidict import istr

from shared_handlers.ascii import lower, strip
from shared_handlers.message import Field, Headers, Request, Response
from shared_handlers.routes import ANY_METHOD, Resource
from shared_handlers.settings import Settings

EXPOSED = "Accept-Ranges, Content-Range, ETag, Link, Location, Mcp-Session-Id, Retry-After, X-Request-ID"
"""What a page of another origin may read besides the fields that are safe anyway."""
ALLOWED_FIELDS = (
    "Accept, Accept-Language, Authorization, Cache-Control, Content-Language, Content-Type, Idempotency-Key, If-Match, "
    "If-Modified-Since, If-None-Match, Last-Event-ID, Mcp-Protocol-Version, Mcp-Session-Id, Range, X-Request-ID"
)
_ORIGIN = istr("Origin")
_ALLOWED = frozenset(lower(ALLOWED_FIELDS).split(", "))
_PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


class Policy:
    """The configured cross-origin policy; a request without an Origin costs one look-up."""

    __slots__ = ("_credentials", "_enabled", "_max_age", "_origins", "_wildcard")

    def __init__(
        self, *, enabled: bool, origins: tuple[str, ...] = (), credentials: bool = False, max_age: int = 600
    ) -> None:
        self._enabled = enabled
        self._origins = frozenset(origins)
        self._wildcard = "*" in origins
        self._credentials = credentials
        self._max_age = max_age

    @classmethod
    def of(cls, settings: Settings) -> Self:
        given = settings.server.cors
        return cls(
            enabled=settings.server.enable_cors,
            origins=given.origins,
            credentials=given.credentials,
            max_age=given.max_age,
        )

    def preflight(self, request: Request, resource: Resource | None) -> Response | None:
        """The answer to a preflight, or None when `request` is not one: 204, with grants or without any.

        It is answered alike on every path, known or not, so it tells nothing about what is there; a request from
        a public to a private network is never granted.
        """
        if not self._enabled or request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
            return None
        origin = self._origin(request.headers)
        if origin is None and "Origin" not in request.headers:
            return None
        granted = origin is not None and resource is not None and _permitted(request.headers, resource)
        return Response(204, self._grants(origin, resource) if granted and origin and resource else _REFUSAL)

    def fields(self, headers: Headers | None, vary: str | None) -> tuple[Field, ...]:
        """What every answer carries; `vary` is the answer's own, which is kept in the one given here.

        `headers` are the request's, None when it had none that could be read.
        """
        if not self._enabled:
            return () if vary is None else (("Vary", vary),)
        if vary == _PREFLIGHT_VARY:
            # A preflight's answer says in itself what it grants.
            return (("Vary", vary),)
        plain = _vary(vary, self._wildcard)
        if headers is None or (_ORIGIN not in headers and not self._wildcard):
            return plain
        origin = self._origin(headers)
        return plain if origin is None else (*self._allowance(origin), *plain)

    def _origin(self, headers: Headers) -> str | None:
        """The value for Access-Control-Allow-Origin; compared to the letter (RFC 6454 section 5)."""
        if self._wildcard:
            return "*"
        lines = headers.getall(_ORIGIN, None)
        return lines[0] if lines is not None and len(lines) == 1 and lines[0] in self._origins else None

    def _allowance(self, origin: str) -> tuple[Field, ...]:
        fields: tuple[Field, ...] = (
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Expose-Headers", EXPOSED),
        )
        return (*fields, ("Access-Control-Allow-Credentials", "true")) if self._credentials else fields

    def _grants(self, origin: str, resource: Resource) -> tuple[Field, ...]:
        return (
            *(field for field in self._allowance(origin) if field[0] != "Access-Control-Expose-Headers"),
            ("Access-Control-Allow-Methods", resource.allow),
            ("Access-Control-Allow-Headers", ALLOWED_FIELDS),
            ("Access-Control-Max-Age", str(self._max_age)),
            *_REFUSAL,
        )


_REFUSAL: tuple[Field, ...] = (("Vary", _PREFLIGHT_VARY),)


def _permitted(headers: Headers, resource: Resource) -> bool:
    method = headers["Access-Control-Request-Method"]
    if method not in resource.endpoints and not (method and ANY_METHOD in resource.endpoints):
        return False
    if "Access-Control-Request-Private-Network" in headers:
        return False
    wanted = ",".join(headers.getall("Access-Control-Request-Headers", ()))
    return all(lower(strip(name)) in _ALLOWED for name in wanted.split(",") if strip(name))


@lru_cache(maxsize=256)
def _vary(vary: str | None, wildcard: bool) -> tuple[Field, ...]:
    """The Vary field with Origin in it once; none is needed where every origin gets the same answer."""
    if wildcard:
        return () if vary is None else (("Vary", vary),)
    names = [strip(name) for name in (vary or "").split(",") if strip(name)]
    if "*" in names:
        return (("Vary", "*"),)
    unique = {lower(name): name for name in (*reversed(names), "Origin")}
    return (("Vary", ", ".join(reversed(unique.values()))),)
