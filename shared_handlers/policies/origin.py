"""Whether a page of this site asks (RFC 6454): the one answer for WebSockets and for what a session's cookie vouches for."""

from __future__ import annotations

from shared_handlers.ascii import lower
from shared_handlers.message import Request

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def own_origin(request: Request) -> str:
    """Return the origin at which the client asked, serialized as browsers do: in lower case, without a default port."""
    scheme, authority = lower(request.scheme), lower(request.authority)
    return f"{scheme}://{authority.removesuffix(_DEFAULT_PORTS.get(scheme, ':'))}"


def is_own_origin(request: Request) -> bool:
    """Return True when the request names its origin, once, and that is the one at which it arrived."""
    given = request.headers.getall("Origin", ())
    return len(given) == 1 and lower(given[0]) == own_origin(request)
