"""More than a server takes: connections in all, connections of an address, descriptors."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from contextlib import AsyncExitStack

import pytest

from contract_tests.process import Start
from contract_tests.wire import connected
from samewire.load.process import cpu_seconds

LIMIT = 20.0
SPARE, BEYOND = 8, 30
"""Descriptors that are left, and connections that are made all the same."""
HELD = 2.0
"""Seconds for which the lack lasts."""


@pytest.mark.parametrize("limit", ["MAX_CONNECTIONS", "MAX_CONNECTIONS_PER_ADDRESS"])
async def test_one_connection_too_many_is_503_and_there_is_room_again_when_others_end(start: Start, limit: str) -> None:
    async with start(**{f"NLWEB_SERVER__{limit}": "3"}) as process, AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(connected(process.port)) for _ in range(3)]
        for line in lines:
            assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")
        async with connected(process.port) as beyond:
            answer = await beyond.answer()
            assert answer.startswith("HTTP/1.1 503 ")
            assert "\r\nretry-after: 1\r\n" in answer.lower()
            assert "\r\nconnection: close\r\n" in answer.lower()
            assert await beyond.rest() == b""
        assert (await lines[0].ask("/health", "Connection: close")).startswith("HTTP/1.1 200 ")
        assert await lines[0].rest() == b""
        await _admitted(process.port)


async def _admitted(port: int) -> None:
    """Until a new connection is served: that another has ended, the server learns in its own time."""
    async with asyncio.timeout(LIMIT):
        while True:
            async with connected(port) as line:
                if (await line.ask("/health")).startswith("HTTP/1.1 200 "):
                    return


async def test_the_accepting_survives_a_lack_of_descriptors(start: Start) -> None:
    async with start() as process, AsyncExitStack() as stack:
        async with connected(process.port) as first:
            assert (await first.ask("/health")).startswith("HTTP/1.1 200 ")
        pid = process.child.pid
        most = len(os.listdir(f"/proc/{pid}/fd")) + SPARE
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, most))
        lines = [await stack.enter_async_context(connected(process.port)) for _ in range(BEYOND)]
        before, began = cpu_seconds(pid), time.monotonic()
        asked = [asyncio.ensure_future(line.ask("/health", "Connection: close")) for line in lines[:-1]]
        answers = [line for line in await asyncio.gather(*asked) if line.startswith("HTTP/1.1 200 ")]
        assert len(answers) == BEYOND - 1, "as connections end, there is room for those that wait"
        assert (await lines[-1].ask("/health")).startswith("HTTP/1.1 200 ")
        after = cpu_seconds(pid)
        assert before is not None
        assert after is not None
        spent, passed = after - before, time.monotonic() - began
        assert spent < max(HELD, passed / 2), "it must not spin while it can't accept"
        said = process.events("cannot accept connections for a while")
        assert said
        assert len(process.log.read_bytes().splitlines()) < 2 * BEYOND + len(said)
