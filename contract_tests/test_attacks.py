"""Clients that are slow on purpose hold up nobody else: slow heads, slow content, slow readers."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from statistics import median

import pytest

from contract_tests.process import Process, Start
from contract_tests.wire import Line, connected

_LIMIT = 10.0
ATTACKS = {
    "slow heads": "GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "slow content": "POST /probe/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
    "slow readers": "GET /probe/flood/attack HTTP/1.1\r\nHost: a\r\n\r\n",
}


async def _asked(port: int, seconds: float, least: int) -> list[float]:
    """What a client that asks one thing after the other waits for each answer, in seconds."""
    times: list[float] = []
    until = time.monotonic() + seconds
    async with connected(port) as line:
        while time.monotonic() < until or len(times) < least:
            begun = time.perf_counter()
            assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")
            times.append(time.perf_counter() - begun)
            await asyncio.sleep(0.002)
    return times


async def _trickle(lines: list[Line], attack: str) -> None:
    """A byte on each connection, again and again; readers take nothing at all."""
    while attack != "slow readers":
        for line in lines:
            if not line.writer.is_closing():
                line.writer.write(b"x")
        await asyncio.sleep(0.5)


async def _under(process: Process, attack: str, clients: int, seconds: float, least: int) -> tuple[float, float]:
    """The median time of an answer before and during an attack."""
    quiet = await _asked(process.port, seconds / 2, least)
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(connected(process.port)) for _ in range(clients)]
        for line in lines:
            line.writer.transport.pause_reading()  # type: ignore[attr-defined]
            await line.send(ATTACKS[attack])
        trickling = asyncio.ensure_future(_trickle(lines, attack))
        try:
            attacked = await _asked(process.port, seconds, least)
        finally:
            trickling.cancel()
        if attack == "slow readers":  # their answers have begun indeed, and wait for them
            lines[0].writer.transport.resume_reading()  # type: ignore[attr-defined]
            assert (await asyncio.wait_for(lines[0].reader.readline(), _LIMIT)).startswith(b"HTTP/1.1 200 ")
    return median(quiet), median(attacked)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_others_are_served_during_an_attack(start: Start, attack: str) -> None:
    async with start() as process:
        await _under(process, attack, clients=50, seconds=0.5, least=50)


@pytest.mark.soak
@pytest.mark.parametrize("attack", ATTACKS)
async def test_others_wait_at_most_twice_as_long(
    start: Start, attack: str, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with start() as process:
        quiet, attacked = await _under(process, attack, clients=200, seconds=10, least=500)
        with capsys.disabled():
            print(f"\n{target}, {attack}: median {quiet * 1e3:.2f} ms, attacked {attacked * 1e3:.2f} ms")
        assert attacked <= 2 * quiet
