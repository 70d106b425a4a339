"""What a server does when nothing happens: its time-outs, made short, and its heartbeat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract_tests.contract import Contract
from contract_tests.process import Process, started
from contract_tests.wire import connected
from samewire.targets import Command, resolve

SHORT = {
    "NLWEB_SERVER__HEADER_TIMEOUT": "1",
    "NLWEB_SERVER__BODY_TIMEOUT": "1",
    "NLWEB_SERVER__KEEPALIVE_TIMEOUT": "2",
    "NLWEB_SERVER__TIMEOUT": "2",
    "NLWEB_SERVER__WRITE_TIMEOUT": "1",
    "NLWEB_NLWEB__HEARTBEAT_SECONDS": "0.2",
}
LATEST = 5.0
"""Seconds after which something of one second or two has happened, on a busy machine too."""


@pytest.fixture
async def hasty(target: str, held: Contract, tmp_path: Path) -> AsyncIterator[Process]:
    """The target with time-outs of one second, or two where one must not come before another."""
    source = resolve(target, held.config).source
    if not isinstance(source, Command):
        pytest.skip("it runs already: its settings are its own")
    async with started(source, tmp_path, SHORT) as process:
        yield process


async def _ends(line_rest: asyncio.Task[bytes], since: float) -> tuple[bytes, bool]:
    """What came, and whether it took about as long as the time-out."""
    rest = await line_rest
    return rest, 0.7 < time.monotonic() - since < LATEST


async def test_every_wait_comes_to_its_end(hasty: Process) -> None:
    """One server for all of them, at the same time."""
    async with asyncio.TaskGroup() as group:
        for check in (_idle, _nothing_sent, _partial_head, _slow_head, _stalled_content, _slow_endpoint, _heartbeat):
            group.create_task(check(hasty.port), name=check.__name__)


async def _idle(port: int) -> None:
    """A connection that is idle after an answer ends without a word (RFC 9112 section 9.5)."""
    async with connected(port) as line:
        await line.ask("/health")
        rest, in_time = await _ends(asyncio.create_task(line.rest()), time.monotonic())
    assert (rest, in_time) == (b"", True)


async def _nothing_sent(port: int) -> None:
    """A connection on which nothing was ever sent ends without a word."""
    async with connected(port) as line:
        rest, in_time = await _ends(asyncio.create_task(line.rest()), time.monotonic())
    assert (rest, in_time) == (b"", True)


async def _partial_head(port: int) -> None:
    """A head that does not come to its end is answered by 408, and the connection ends."""
    async with connected(port) as line:
        await line.send("GET / HTTP/1.1\r\nHost: ")
        rest, in_time = await _ends(asyncio.create_task(line.rest()), time.monotonic())
    assert (rest.startswith(b"HTTP/1.1 408 "), b"onnection: close" in rest, in_time) == (True, True, True)


async def _slow_head(port: int) -> None:
    """The time is for the whole head, however often a byte of it comes."""
    async with connected(port) as line:
        begun = time.monotonic()
        rest = asyncio.create_task(line.rest())
        await line.send("GET / HTTP/1.1\r\nX-Thing: ")
        while not rest.done():
            await asyncio.wait([rest], timeout=0.3)
            if not rest.done():
                line.writer.write(b"x")
        found, in_time = await _ends(rest, begun)
    assert (found.startswith(b"HTTP/1.1 408 "), in_time) == (True, True)


async def _stalled_content(port: int) -> None:
    """Content that stops coming is answered by 408, and the connection ends."""
    async with connected(port) as line:
        await line.send("POST /probe/upload HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello")
        rest, in_time = await _ends(asyncio.create_task(line.rest()), time.monotonic())
    assert (rest.startswith(b"HTTP/1.1 408 "), b"onnection: close" in rest, in_time) == (True, True, True)


async def _slow_endpoint(port: int) -> None:
    """An endpoint that takes too long is answered for by 504, and cancelled."""
    async with connected(port) as line:
        begun = time.monotonic()
        answer = await line.ask("/probe/slow/late")
        assert answer.startswith("HTTP/1.1 504 ")
        assert 1.5 < time.monotonic() - begun < LATEST
        assert '{"left":1}' in await line.ask("/probe/left/late")


async def _heartbeat(port: int) -> None:
    """A stream that is quiet says that it is alive, in a line that clients skip."""
    async with connected(port) as line:
        await line.send("GET /ask?query=probe:hold:quiet+teapot HTTP/1.1\r\nHost: test\r\n\r\n")
        async with asyncio.timeout(LATEST):
            await line.reader.readuntil(b"result_batch")
            heard = await line.reader.readuntil(b"\n: ")
    assert heard


async def test_a_client_that_does_not_read_is_left(hasty: Process) -> None:
    async with connected(hasty.port) as stuck, connected(hasty.port) as other:
        stuck.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await stuck.send("GET /probe/flood/stuck HTTP/1.1\r\nHost: test\r\n\r\n")
        async with asyncio.timeout(15):
            while '{"left":1}' not in (found := await other.ask("/probe/left/stuck")):
                assert found.startswith("HTTP/1.1 50"), found
