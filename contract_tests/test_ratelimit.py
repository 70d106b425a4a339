"""The limit of rates on a whole server: exactly so many, however many ask at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from contract_tests.process import started
from samewire.targets import Command

LIMIT = 30.0
SETTINGS = {"NLWEB_RATELIMIT__ENABLED": "true", "NLWEB_RATELIMIT__REQUESTS": "50", "NLWEB_RATELIMIT__SECONDS": "86400"}
PREFLIGHT = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "GET"}


async def test_of_200_at_once_exactly_as_many_are_admitted_as_may_be(command: Command, tmp_path: Path) -> None:
    limits = httpx.Limits(max_connections=40)
    async with (
        started(command, tmp_path, SETTINGS) as process,
        httpx.AsyncClient(timeout=LIMIT, limits=limits) as client,
    ):
        answers = await asyncio.gather(*(client.get(f"{process.url}/probe/items/{number}") for number in range(200)))
        assert Counter(answer.status_code for answer in answers) == {200: 50, 429: 150}
        left = sorted(int(answer.headers["RateLimit"].split(";")[1][2:]) for answer in answers)
        assert left == [0] * 151 + list(range(1, 50))
        for path in ("/health", "/ready", "/metrics"):
            assert (await client.get(f"{process.url}{path}")).status_code == 200
        assert (await client.options(f"{process.url}/sites", headers=PREFLIGHT)).status_code == 204
        assert (await client.post(f"{process.url}/api/conversations")).status_code == 429


async def test_a_limit_of_nothing_is_no_configuration(command: Command, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"ratelimit.requests: .*greater than or equal to 1"):
        async with started(command, tmp_path, {**SETTINGS, "NLWEB_RATELIMIT__REQUESTS": "0"}):
            pass
