"""Every kind of client at once, polite and not, in random order: the server stays well and keeps nothing of them."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from contract_tests.process import Process, Start
from contract_tests.wire import Line, connected

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are read from Linux's /proc")
CLIENTS = 48
LIMIT = 30.0
SPARE = 8
"""Descriptors and threads of pools that are made once and kept."""
HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
EVENTS = "GET /probe/events/50 HTTP/1.1\r\nHost: a\r\n\r\n"
FLOOD = "GET /probe/flood/stress HTTP/1.1\r\nHost: a\r\n\r\n"
HANDSHAKE = (
    "GET /probe/ws/echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_RESET = struct.pack("ii", 1, 0)


async def _keeps(line: Line, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 20)):
        assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")


async def _uploads(line: Line, chance: random.Random) -> None:
    size = chance.randrange(200_000)
    if chance.random() < 0.5:
        await line.send(f"POST /probe/upload HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n" + "x" * size)
    else:
        head = "POST /probe/upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        await line.send(head + f"{size + 1:x}\r\n{'x' * (size + 1)}\r\n0\r\nX-Trailer: a\r\n\r\n")
    assert (await line.answer()).startswith("HTTP/1.1 200 ")


async def _pipelines(line: Line, chance: random.Random) -> None:
    count = chance.randrange(1, 60)
    await line.send(HEALTH * count)
    for _ in range(count):
        assert (await line.answer()).startswith("HTTP/1.1 200 ")


async def _streams(line: Line, chance: random.Random) -> None:
    await line.send(EVENTS + HEALTH)
    await asyncio.wait_for(line.reader.readuntil(b'"healthy"'), LIMIT)


async def _leaves(line: Line, chance: random.Random) -> None:
    """Amid an endless stream, an upload, a head or nothing; by FIN or by RST."""
    begun = chance.choice(
        (FLOOD, EVENTS, HEALTH[:20], "POST /probe/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx", "")
    )
    await line.send(begun)
    if begun == FLOOD:
        await asyncio.wait_for(line.reader.read(chance.randrange(1, 100_000)), LIMIT)
    if chance.random() < 0.5:
        line.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        line.writer.transport.abort()


async def _half_closes(line: Line, chance: random.Random) -> None:
    await line.send(HEALTH * chance.randrange(1, 5))
    line.writer.write_eof()
    assert (await line.rest()).startswith(b"HTTP/1.1 200 ")


async def _malformed(line: Line, chance: random.Random) -> None:
    await line.send(
        HEALTH * chance.randrange(3) + chance.choice(("nonsense\r\n\r\n", "GET # HTTP/1.1\r\n\r\n", "\x00" * 50))
    )
    assert b"HTTP/1.1 400 " in await line.rest()


async def _talks(line: Line, chance: random.Random) -> None:
    await line.send(HANDSHAKE)
    assert (await line.answer()).startswith("HTTP/1.1 101 ")
    await line.send("\x81\x85\0\0\0\0hello")
    assert await asyncio.wait_for(line.reader.readexactly(7), LIMIT) == b"\x81\x05hello"
    if chance.random() < 0.5:
        await line.send("\x88\x80\0\0\0\0")
        await line.rest()


KINDS: tuple[Callable[[Line, random.Random], Awaitable[None]], ...] = (
    _keeps, _uploads, _pipelines, _streams, _leaves, _half_closes, _malformed, _talks,
)  # fmt: skip


async def _client(port: int, number: int, until: float) -> None:
    chance = random.Random(number)
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        async with connected(port) as line:
            await chance.choice(KINDS)(line, chance)


def _belongings(process: Process) -> tuple[int, int]:
    folder = Path(f"/proc/{process.child.pid}")
    return len(list((folder / "fd").iterdir())), len(list((folder / "task").iterdir()))


@pytest.mark.parametrize("seconds", [3.0, pytest.param(60.0, marks=[pytest.mark.soak, pytest.mark.timeout(300)])])
async def test_it_stays_well_and_keeps_nothing(start: Start, seconds: float) -> None:
    async with start() as process:
        for kind in KINDS:
            async with connected(process.port) as line:
                await kind(line, random.Random(0))
        before = _belongings(process)
        until = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as clients:
            for number in range(CLIENTS):
                clients.create_task(_client(process.port, number, until))
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT):
                while any(now > then + SPARE for now, then in zip(_belongings(process), before, strict=True)):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        after = _belongings(process)
        assert all(now <= then + SPARE for now, then in zip(after, before, strict=True)), (before, after)
        async with connected(process.port) as line:
            assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")
        process.signal(signal.SIGTERM)
        assert await process.exit_status(LIMIT) == 0
        log = process.log.read_text()
        assert '"event":"error"' not in log, log[log.index('"event":"error"') :][:3000]
        assert "Traceback" not in log
