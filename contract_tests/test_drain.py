"""What becomes of connections when a server is told to end: those that idle, those that never end, those just made."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from contract_tests.process import Process, Start
from contract_tests.wire import Line, connected

LIMIT = 20.0
JUST_MADE = 50


@pytest.fixture
async def process(start: Start) -> AsyncIterator[Process]:
    async with start() as found:
        yield found


async def stopped(process: Process) -> dict[str, Any]:
    """What it logs last."""
    assert await process.exit_status(LIMIT) == 0
    (event,) = process.events("stopped")
    return event


async def test_an_idle_connection_is_told_by_its_next_answer_that_it_is_the_last(process: Process) -> None:
    async with connected(process.port) as idle:
        await idle.ask("/health")
        process.signal(signal.SIGTERM)
        await process.event("draining")
        answer = await idle.ask("/health")
        assert answer.startswith("HTTP/1.1 200 ")
        assert "\r\nconnection: close\r\n" in answer.lower()
        assert await idle.rest() == b""
    event = await stopped(process)
    assert (event["finished"], event["cut"]) == (1, 0)


async def test_an_idle_connection_is_closed_after_the_keep_alive_time(start: Start) -> None:
    settings = {"NLWEB_SERVER__KEEPALIVE_TIMEOUT": "1", "NLWEB_SERVER__DRAIN_TIMEOUT": "60"}
    async with start(**settings) as process, connected(process.port) as idle:
        await idle.ask("/health")
        process.signal(signal.SIGTERM)
        assert await idle.rest(LIMIT) == b""
        event = await stopped(process)
        assert (event["finished"] + event["cut"], process.events("cutting what has not ended")) == (1, [])


async def test_what_is_cut_is_counted(start: Start) -> None:
    async with start(NLWEB_SERVER__DRAIN_TIMEOUT="0.5") as process, connected(process.port) as slow:
        await slow.send("GET /probe/slow/a HTTP/1.1\r\nHost: test\r\n\r\n")
        async with connected(process.port) as other:
            await other.ask("/probe/held/a", "Connection: close")
        process.signal(signal.SIGTERM)
        event = await stopped(process)
        assert event["cut"] == 1
        assert process.events("cutting what has not ended") != []


async def test_a_stream_that_is_cut_ends_after_a_whole_piece(start: Start) -> None:
    """An endless one whose client does not read until it is cut: each chunk is a piece, an event where it has events."""
    async with start(NLWEB_SERVER__DRAIN_TIMEOUT="0.5") as process, connected(process.port) as stream:
        await stream.send("GET /probe/flood/a HTTP/1.1\r\nHost: test\r\n\r\n")
        await stream.reader.readuntil(b"\r\n\r\n")
        process.signal(signal.SIGTERM)
        await process.event("cutting what has not ended")
        left = memoryview(await stream.rest(LIMIT))
        assert len(left) > 65_536
        while left:
            assert bytes(left[:7]) == b"10000\r\n"
            assert bytes(left[65_543:65_545]) == b"\r\n"
            left = left[65_545:]
        assert (await stopped(process))["cut"] == 1


async def test_a_websocket_whose_client_does_not_answer_does_not_hold_the_drain(start: Start) -> None:
    async with start(NLWEB_SERVER__DRAIN_TIMEOUT="600") as process, connected(process.port) as line:
        key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
        fields = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", key)
        assert (await line.ask("/probe/ws/echo", *fields)).startswith("HTTP/1.1 101 ")
        process.signal(signal.SIGTERM)
        with contextlib.suppress(ConnectionResetError):
            assert (await line.rest(LIMIT))[:4] == b"\x88\x02\x03\xe9"
        assert (await stopped(process))["cut"] == 0


async def test_connections_made_while_the_listening_ends_are_answered(process: Process) -> None:
    """Those that nobody has accepted yet, and those accepted in the same turn (asyncio's `Server.close` loses them)."""
    async with AsyncExitStack() as stack:
        making = [asyncio.ensure_future(stack.enter_async_context(connected(process.port))) for _ in range(JUST_MADE)]
        await asyncio.wait(making, return_when=asyncio.FIRST_COMPLETED)
        process.signal(signal.SIGTERM)
        made = [one for one in await asyncio.gather(*making, return_exceptions=True) if isinstance(one, Line)]
        answers = await asyncio.gather(*(line.ask("/health") for line in made))
        assert answers
        assert {answer[:13] for answer in answers} == {"HTTP/1.1 200 "}
    assert (await stopped(process))["cut"] == 0
