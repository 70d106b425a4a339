"""What is coded and what is not, and the entity tags of both."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.body import NO_BODY
from shared_handlers.host import HostState
from shared_handlers.message import Endpoint, Field, Request, Response, Upgrade
from shared_handlers.policies.compression import MOST, coded
from shared_handlers.routes import Route

TEXT = b"all work and no play " * 100
JSON: Field = ("Content-Type", "application/json")
TAG: Field = ("ETag", '"v1"')


def asked(**headers: str) -> Request:
    fields = CIMultiDictProxy(CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()}))
    return Request("GET", "/", "/", "", (1, 1), fields, {}, NO_BODY, "", "http", HostState("test"), "id")


async def sent(answer: Response, request: Request) -> Response:
    async def endpoint(_: Request) -> Response:
        return answer

    found = await around(endpoint)(request)
    assert not isinstance(found, Upgrade)
    return found


def around(endpoint: Endpoint) -> Endpoint:
    return coded(Route("GET", "/", endpoint), 1024).endpoint


async def pieces() -> AsyncIterator[bytes]:
    yield TEXT


async def test_coded_content_is_the_same_content_under_another_tag() -> None:
    plain = Response(200, (JSON, TAG), TEXT)
    found = await sent(plain, asked(Accept_Encoding="gzip"))
    assert found.headers == (JSON, ("ETag", '"v1-gzip"'), ("Vary", "Accept-Encoding"), ("Content-Encoding", "gzip"))
    assert isinstance(found.body, bytes)
    assert gzip.decompress(found.body) == TEXT
    assert found.body == (await sent(plain, asked(Accept_Encoding="gzip"))).body
    assert found.body[4:8] == bytes(4), "there is a time in it"
    found = await sent(plain, asked())
    assert (found.headers, found.body) == ((JSON, TAG, ("Vary", "Accept-Encoding")), TEXT)


async def test_a_weak_tag_stays() -> None:
    found = await sent(Response(200, (JSON, ("ETag", 'W/"v1"')), TEXT), asked(Accept_Encoding="gzip"))
    assert dict(found.headers)["ETag"] == 'W/"v1"'


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Response(200, (JSON,), TEXT[:1023]), id="short"),
        pytest.param(Response(200, (JSON,), b"x" * (MOST + 1)), id="long"),
        pytest.param(Response(200, (), TEXT), id="no type"),
        pytest.param(Response(200, (("Content-Type", "image/png"),), TEXT), id="image"),
        pytest.param(Response(200, (("Content-Type", "text/event-stream"),), TEXT), id="events"),
        pytest.param(Response(200, (JSON, ("Content-Encoding", "br")), TEXT), id="coded"),
        pytest.param(Response(200, (JSON, ("Cache-Control", "public, no-transform")), TEXT), id="no-transform"),
        pytest.param(Response(200, (JSON, ("Cache-Control", "private, no-store")), TEXT), id="no-store"),
        pytest.param(Response(200, (JSON, ("Set-Cookie", "a=b")), TEXT), id="cookie"),
        pytest.param(Response(206, (JSON, ("Content-Range", "bytes 0-1/2")), TEXT), id="range"),
        pytest.param(Response(200, (JSON,), pieces()), id="stream"),
    ],
)
async def test_what_is_left_as_it_is(answer: Response) -> None:
    assert await sent(answer, asked(Accept_Encoding="gzip")) is answer


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/problem+json", "image/svg+xml"])
async def test_what_shrinks_is_coded(kind: str) -> None:
    found = await sent(Response(200, (("Content-Type", kind),), TEXT), asked(Accept_Encoding="gzip"))
    assert ("Content-Encoding", "gzip") in found.headers


async def test_an_endpoint_knows_the_tag_of_coded_content_as_its_own() -> None:
    seen: list[tuple[str, str]] = []

    async def endpoint(request: Request) -> Response:
        seen.append((request.headers.get("If-None-Match", ""), request.headers.get("If-Match", "")))
        return Response(304, (TAG,))

    found = await around(endpoint)(asked(If_None_Match='"v0", "v1-gzip"', If_Match='"v1-gzip"'))
    assert seen == [('"v0", "v1"', '"v1"')]
    assert isinstance(found, Response)
    assert found.headers == (("ETag", '"v1-gzip"'),)
    found = await around(endpoint)(asked(If_None_Match='"v1"'))
    assert isinstance(found, Response)
    assert found.headers == (TAG,)
