"""gzip for whole answers that are worth it; the same bytes on every server (RFC 9110 section 8.4, RFC 1952)."""

from __future__ import annotations

import gzip
from collections.abc import Iterable

from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.ascii import lower, strip
from shared_handlers.codings import preferred
from shared_handlers.message import Field, Request, Response, Upgrade
from shared_handlers.routes import Route

LEVEL = 4
MOST = 1 << 20
"""Bytes: coding more would hold up whoever else is served meanwhile."""
_GZIP = ("gzip",)
_SUFFIX = '-gzip"'
"""At the end of the entity tag of coded content, which is other content (RFC 9110 section 8.8.3.3)."""
_PRECONDITIONS = ("If-Match", "If-None-Match")
_TYPES = frozenset({"application/json", "application/xml", "application/javascript", "image/svg+xml"})
_KEPT = frozenset({206, 204, 304})


def coded(route: Route, least: int) -> Route:
    """The route with its whole answers of `least` bytes or more coded for clients that prefer gzip.

    Not coded: streams, files, errors; what is coded already; types that do not shrink; `no-transform`; and what belongs to
    somebody (`no-store`, Set-Cookie), whose length would tell of it to whoever can put text beside it (BREACH).
    """
    endpoint = route.endpoint

    async def coding(request: Request) -> Response | Upgrade:
        offered = _without_suffixes(request)
        answer = await endpoint(request)
        if isinstance(answer, Upgrade):
            return answer
        if answer.status == 304 and offered:
            return Response(304, _tagged(answer.headers), answer.body)
        body = answer.body
        if not isinstance(body, bytes) or not least <= len(body) <= MOST or not _is_codable(answer):
            return answer
        fields = _varied(answer.headers)
        if preferred(request.headers, _GZIP) != "gzip":
            return Response(answer.status, fields, body)
        # No time in it: the same content is the same bytes, whenever and wherever it is coded.
        packed = gzip.compress(body, LEVEL, mtime=0)
        return Response(answer.status, (*_tagged(fields), ("Content-Encoding", "gzip")), packed)

    return route._replace(endpoint=coding)


def _is_codable(answer: Response) -> bool:
    if answer.status in _KEPT:
        return False
    kind = control = ""
    for name, value in answer.headers:
        match lower(name):
            case "content-type":
                kind = lower(strip(value.partition(";")[0]))
            case "cache-control":
                control = lower(value)
            case "content-encoding" | "set-cookie" | "content-range":
                return False
    if "no-transform" in control or "no-store" in control:
        return False
    return kind in _TYPES or kind.endswith("+json") or (kind.startswith("text/") and kind != "text/event-stream")


def _varied(fields: Iterable[Field]) -> tuple[Field, ...]:
    """RFC 9110 section 12.5.5: also of what is not coded, for it was chosen."""
    return (*fields, ("Vary", "Accept-Encoding"))


def _tagged(fields: Iterable[Field]) -> tuple[Field, ...]:
    """A strong entity tag becomes that of the coded content."""
    return tuple(
        (name, f"{value[:-1]}{_SUFFIX}") if lower(name) == "etag" and value.startswith('"') else (name, value)
        for name, value in fields
    )


def _without_suffixes(request: Request) -> bool:
    """Let the endpoint see the tags that it gave out itself; True when there was another one."""
    headers = request.headers
    found = any(_SUFFIX in line for name in _PRECONDITIONS if name in headers for line in headers.getall(name))
    if found:
        changed = CIMultiDict(headers)
        for name in _PRECONDITIONS:
            if name in headers:
                changed[name] = ", ".join(headers.getall(name)).replace(_SUFFIX, '"')
        request.headers = CIMultiDictProxy(changed)
    return found
