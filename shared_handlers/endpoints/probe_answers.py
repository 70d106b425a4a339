"""Probe endpoints that answer in every way an endpoint can, right and wrong; they exist in mode testing only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from shared_handlers.ascii import whole_number
from shared_handlers.endpoints.probe import small_number
from shared_handlers.errors import HTTPError
from shared_handlers.message import Field, Request, Response, json_response
from shared_handlers.policies.problems import problem
from shared_handlers.routes import Route
from shared_handlers.services import Services

MAX_BYTES = 16 << 20
_ELSEWHERE = ("Location", "/probe/echo")
_NEEDED: Mapping[int, tuple[Field, ...]] = {
    201: (_ELSEWHERE,),
    206: (("Content-Range", "bytes 0-13/14"),),
    304: (("ETag", '"probe"'), ("Cache-Control", "max-age=60")),
    **dict.fromkeys((300, 301, 302, 303, 307, 308), (_ELSEWHERE,)),
    401: (("WWW-Authenticate", "Bearer"),),
    405: (("Allow", "GET, HEAD, OPTIONS"),),
    407: (("Proxy-Authenticate", "Basic realm=probe"),),
    416: (("Content-Range", "bytes */0"),),
    426: (("Upgrade", "websocket"),),
    429: (("Retry-After", "1"),),
    503: (("Retry-After", "1"),),
}
"""The fields that a status requires or that its clients expect (RFC 9110 section 15, RFC 6585 section 4)."""
_WITHOUT_CONTENT = frozenset({204, 205, 304})
_REFUSED: Mapping[str, Field] = {
    "header": ("X-Probe", "a\r\nX-Injected: b"),
    "header-name": ("X-Probe\r\nX-Injected", "b"),
    "location": ("Location", "/probe/echo\r\nX-Injected: b"),
    "cookie": ("Set-Cookie", "a=b\r\nX-Injected: b"),
    "connection": ("Connection", "close"),
    "length": ("content-length", "5"),
}
"""Field lines that a Response refuses when it is made."""
_COOKIES = (
    "first=1; Path=/; HttpOnly",
    "second=two; Path=/probe; SameSite=Lax",
    "first=again; Path=/; Max-Age=60",
    "third=3; Path=/; Secure",
)


def routes(services: Services) -> tuple[Route, ...]:
    """Statuses, failures, redirects, cookies, bytes."""
    return (
        Route("GET", r"/probe/status/{code:\d{3}}", _status, "probe.status"),
        Route("POST", r"/probe/status/{code:\d{3}}", _status, "probe.status"),
        Route("GET", "/probe/raise/{kind}", _raise, "probe.fails"),
        Route("POST", "/probe/raise/{kind}", _raise, "probe.fails"),
        Route("GET", r"/probe/redirect/{code:30[12378]}", _redirect, "probe.redirect"),
        Route("POST", r"/probe/redirect/{code:30[12378]}", _redirect, "probe.redirect"),
        Route("GET", "/probe/cookies", _cookies, "probe.cookies"),
        Route("GET", "/probe/nan", _nan, "probe.nan"),
        Route("GET", r"/probe/bytes/{n:\d+}", _bytes, "probe.bytes"),
    )


async def _status(request: Request) -> Response:
    """That status with the fields it needs: problems from 400 on, no content where there must be none."""
    code = whole_number(request.params["code"])
    if not 200 <= code <= 599:
        raise HTTPError(400, "The status of a final answer is from 200 to 599.")
    fields = _NEEDED.get(code, ())
    if code >= 400:
        raise HTTPError(code, "", fields)
    return Response(code, fields) if code in _WITHOUT_CONTENT else json_response({"status": code}, code, fields)


async def _raise(request: Request) -> Response:
    """`http` and `return` give the same problem; everything else is an endpoint's fault and must become a 500."""
    kind = request.params["kind"]
    if kind in _REFUSED:
        return Response(200, (_REFUSED[kind],))
    match kind:
        case "http":
            raise _conflict()
        case "return":
            return problem(_conflict(), request.id, debug=False)
        case "error":
            raise RuntimeError("the secret text of an exception")
        case "none":
            return cast(Response, None)
        case "text":
            return cast(Response, "not a Response")
        case _:
            raise HTTPError(404, "There is no such way to fail.")


async def _redirect(request: Request) -> Response:
    return Response(whole_number(request.params["code"]), (_ELSEWHERE,))


async def _cookies(request: Request) -> Response:
    """The cookies received, of a repeated name the first; and four Set-Cookie lines."""
    return json_response({"cookies": request.cookies}, headers=[("Set-Cookie", cookie) for cookie in _COOKIES])


async def _nan(request: Request) -> Response:
    return json_response({"nan": math.nan, "infinity": math.inf})


async def _bytes(request: Request) -> Response:
    """So many bytes, 0 to 255 over and over, at most 16 MiB."""
    content = _counted(small_number(request.params["n"], MAX_BYTES))
    return Response(200, (("Content-Type", "application/octet-stream"),), content)


@lru_cache(maxsize=1)
def _counted(count: int) -> bytes:
    """The same object for all who ask one after the other, so that what a server adds to it can be seen."""
    return (bytes(range(256)) * (count // 256 + 1))[:count]


def _conflict() -> HTTPError:
    return HTTPError(409, "The probe conflicts, as it was told to.", (("X-Probe", "conflict"),))
