"""Probe endpoints that show a request as it reached the application; they exist in mode testing only."""

from __future__ import annotations

import hashlib

from shared_handlers.ascii import lower, whole_number
from shared_handlers.content import read_form, read_json
from shared_handlers.errors import HTTPError
from shared_handlers.message import Endpoint, Request, Response, json_response
from shared_handlers.routes import ANY_METHOD, Route
from shared_handlers.services import Services

_MAX_DIGITS = 9


def routes(services: Services) -> tuple[Route, ...]:
    """Echoes, readers of content, and routes of every kind of pattern."""
    count, counted = _counter(services)
    return (
        Route(ANY_METHOD, "/probe/echo", _echo, "probe.echo"),
        Route(ANY_METHOD, "/probe/any", _method, "probe.any"),
        *(
            Route(method, "/probe/methods", _named(method), "probe.methods")
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        ),
        Route("POST", "/probe/json", _json, "probe.json"),
        Route("POST", "/probe/form", _form, "probe.form"),
        Route("POST", "/probe/mirror", _mirror, "probe.mirror"),
        Route("POST", "/probe/upload", _upload, "probe.upload"),
        Route("PUT", "/probe/upload", _upload, "probe.upload"),
        Route("POST", "/probe/ignore", _ignore, "probe.ignore"),
        Route("GET", r"/probe/items/{id:\d+}", _params, "probe.item"),
        Route("GET", "/probe/items/me", _literal, "probe.me"),
        Route("GET", "/probe/names/{name}", _params, "probe.name"),
        Route("GET", "/probe/names/me", _literal, "probe.names.me"),
        Route("GET", "/probe/tail/{rest:.*}", _params, "probe.tail"),
        Route("GET", "/probe/counter/{key}", counted, "probe.counter", waits=True),
        Route("POST", "/probe/counter/{key}", count, "probe.counter", waits=True),
    )


def small_number(text: str, highest: int) -> int:
    """A number from a path; HTTPError 400 above `highest`."""
    if len(text) > _MAX_DIGITS or whole_number(text) > highest:
        raise HTTPError(400, f"The number must be at most {highest}.")
    return whole_number(text)


async def _echo(request: Request) -> Response:
    """Everything but the content itself, of which length and SHA-256 are given.

    Field names are in lower case: parsers do not all keep how they were written, and it means nothing (RFC 9110
    section 5.1).
    """
    return json_response(
        {
            "method": request.method,
            "target": request.target,
            "path": request.path,
            "query_string": request.query_string,
            "query": request.query,
            "version": f"{request.version[0]}.{request.version[1]}",
            "headers": [[lower(name), _shown(value)] for name, value in request.headers.items()],
            "body": await _digest(request),
        }
    )


async def _method(request: Request) -> Response:
    return json_response({"method": request.method})


def _named(method: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        """Says for which method it was registered, and for which it was called."""
        return json_response({"endpoint": method, "method": request.method})

    return endpoint


async def _json(request: Request) -> Response:
    return json_response({"value": await read_json(request)})


async def _form(request: Request) -> Response:
    return json_response({"pairs": await read_form(request)})


async def _mirror(request: Request) -> Response:
    """The content, to the byte."""
    return Response(200, (("Content-Type", "application/octet-stream"),), await request.body.read())


async def _upload(request: Request) -> Response:
    """Length and digest of the content, which is read as a stream and kept nowhere."""
    return json_response(await _digest(request))


async def _ignore(request: Request) -> Response:
    """An answer that did not read the content."""
    return json_response({"ignored": True})


async def _params(request: Request) -> Response:
    return json_response({"params": dict(request.params)})


async def _literal(request: Request) -> Response:
    return json_response({"literal": request.path, "params": dict(request.params)})


def _counter(services: Services) -> tuple[Endpoint, Endpoint]:
    counters = services.probe.counters

    async def count(request: Request) -> Response:
        return json_response({"count": counters.of(request.params["key"]).add()})

    async def counted(request: Request) -> Response:
        return json_response({"count": counters.of(request.params["key"]).value})

    return count, counted


async def _digest(request: Request) -> dict[str, object]:
    length, digest = 0, hashlib.sha256()
    async for piece in request.body:
        length += len(piece)
        digest.update(piece)
    return {"length": length, "sha256": digest.hexdigest()}


def _shown(value: str) -> str:
    """Servers keep bytes that are not UTF-8 as lone surrogates, which JSON can't hold: they become U+FFFD."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
