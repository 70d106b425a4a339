"""Who is counted as whom, and never one too many."""

from __future__ import annotations

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared_handlers.errors import HTTPError
from shared_handlers.message import Endpoint, Request, Response, Upgrade
from shared_handlers.policies import ratelimit
from shared_handlers.policies.ratelimit import Limiter, Limits
from shared_handlers.routes import Route
from shared_handlers.testing import make_request

LIMIT = 10.0


def asked(peer: str = "192.0.2.1") -> Request:
    return make_request(peer=peer)


async def answered(request: Request) -> Response:
    return Response(200)


async def fails(request: Request) -> Response:
    raise HTTPError(404)


async def status(endpoint: Endpoint, request: Request) -> int:
    try:
        answer = await endpoint(request)
    except HTTPError as error:
        return error.status
    assert not isinstance(answer, Upgrade)
    return answer.status


def limited(requests: int) -> Endpoint:
    return Limits(requests, 3600, requests).of_clients(Route("GET", "/", answered)).endpoint


@pytest.mark.parametrize("burst", [1, 7, 50])
async def test_a_burst_of_many_threads_is_never_admitted_beyond_the_bucket(burst: int) -> None:
    endpoint = limited(burst)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: asyncio.run(status(endpoint, asked())), range(200)))
    assert sorted(found) == [200] * burst + [429] * (200 - burst)


async def test_what_was_taken_comes_back_with_time() -> None:
    endpoint = Limiter("test", 20, 1, 1).around(answered, lambda request: "key")
    until = time.monotonic() + LIMIT
    assert await status(endpoint, asked()) == 200
    refused = 0
    while await status(endpoint, asked()) == 429:
        refused += 1
        assert time.monotonic() < until
    assert refused > 0


async def test_what_fails_is_counted_and_told_too() -> None:
    endpoint = Limiter("test", 3, 3600, 3).around(fails, lambda request: "key")
    with pytest.raises(HTTPError) as refused:
        await endpoint(asked())
    assert re.fullmatch(r'"test";r=2;t=\d+', dict(refused.value.headers)["RateLimit"])


async def test_every_client_has_a_bucket_of_its_own() -> None:
    endpoint = limited(1)
    assert [await status(endpoint, asked(peer)) for peer in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == [200, 200, 429]


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimit, "MOST_KEYS", 100)
    endpoint = limited(1)
    for number in range(1000):
        assert await status(endpoint, asked(f"host-{number}")) == 200
    assert await status(endpoint, asked("host-999")) == 429
    assert await status(endpoint, asked("host-0")) == 200
