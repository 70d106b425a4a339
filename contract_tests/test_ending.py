"""How a server ends when it is told to: what is under way is finished, nothing new is begun."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest
import websockets

from contract_tests.process import Process, Start
from contract_tests.wire import connected


@pytest.fixture
async def process(start: Start) -> AsyncIterator[Process]:
    async with start() as found:
        yield found


async def _refused(port: int) -> None:
    """Until nobody accepts connections."""
    async with asyncio.timeout(5):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_idle_server_ends_at_once_with_status_0(process: Process, number: signal.Signals) -> None:
    process.signal(number)
    assert await process.exit_status(3) == 0


async def test_what_is_under_way_is_finished_and_its_answer_closes_the_connection(process: Process) -> None:
    async with connected(process.port) as slow, connected(process.port) as other:
        await slow.send("GET /probe/slow/a HTTP/1.1\r\nHost: test\r\n\r\n")
        await other.ask("/probe/held/a")
        process.signal(signal.SIGTERM)
        await _refused(process.port)
        released = await other.ask("/probe/release/a", method="POST")
        answer = await slow.answer()
        assert await slow.rest() == await other.rest() == b""
    assert '{"held":"a"}' in answer
    assert "\r\nconnection: close\r\n" in answer.lower()
    assert "\r\nconnection: close\r\n" in released.lower()
    assert await process.exit_status(3) == 0


async def test_an_upload_under_way_is_read_to_its_end(process: Process) -> None:
    async with connected(process.port) as upload:
        await upload.send(
            "POST /probe/upload HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n"
        )
        await upload.reader.readuntil(b"\r\n\r\n")
        await upload.send("hello")
        process.signal(signal.SIGTERM)
        await _refused(process.port)
        await upload.send("world")
        assert '{"length":10,' in await upload.answer()
    assert await process.exit_status(3) == 0


async def test_a_stream_under_way_is_finished(process: Process) -> None:
    async with connected(process.port) as stream, connected(process.port) as other:
        await stream.send("GET /probe/gate/a?n=1 HTTP/1.1\r\nHost: test\r\n\r\n")
        await stream.reader.readuntil(b"gate 0")
        process.signal(signal.SIGTERM)
        await _refused(process.port)
        await other.ask("/probe/gate/a", method="POST")
        assert b"gate 1" in await stream.reader.readuntil(b"\r\n0\r\n\r\n")
        assert "\r\nconnection: close\r\n" in (await stream.ask("/health")).lower()
        assert await stream.rest() == b""
    assert await process.exit_status(3) == 0


async def test_what_takes_too_long_is_cut(start: Start) -> None:
    async with start(NLWEB_SERVER__DRAIN_TIMEOUT="0.5") as process, connected(process.port) as slow:
        await slow.send("GET /probe/slow/a HTTP/1.1\r\nHost: test\r\n\r\n")
        async with connected(process.port) as other:
            await other.ask("/probe/held/a")
        process.signal(signal.SIGTERM)
        assert await process.exit_status(3) == 0


async def test_a_second_signal_ends_it_at_once(process: Process) -> None:
    async with connected(process.port) as slow:
        await slow.send("GET /probe/slow/a HTTP/1.1\r\nHost: test\r\n\r\n")
        async with connected(process.port) as other:
            await other.ask("/probe/held/a")
        process.signal(signal.SIGTERM)
        await _refused(process.port)
        process.signal(signal.SIGTERM)
        await process.exit_status(2)


async def test_it_says_that_it_is_not_ready_before_it_stops_listening(start: Start) -> None:
    async with start(NLWEB_SERVER__DRAIN_DELAY="2") as process:
        process.signal(signal.SIGTERM)
        async with asyncio.timeout(1.5):
            while True:
                async with connected(process.port) as line:
                    answer = await line.ask("/ready")
                if answer.startswith("HTTP/1.1 503"):
                    break
        assert '"status":"not_ready"' in answer
        await _refused(process.port)
        assert await process.exit_status(3) == 0


async def test_a_websocket_is_closed_with_1001(process: Process) -> None:
    async with websockets.connect(f"ws://127.0.0.1:{process.port}/probe/ws/echo") as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"
        process.signal(signal.SIGTERM)
        with pytest.raises(websockets.ConnectionClosed):
            await socket.recv()
    assert socket.close_code == 1001
    assert await process.exit_status(5) == 0


async def test_what_was_opened_is_closed_only_after_the_last_answer(process: Process) -> None:
    """Cleanup comes after the requests: one that is answered during the drain still finds its database open."""
    async with connected(process.port) as line:
        assert (await line.ask("/probe/login/ann", method="POST")).startswith("HTTP/1.1 200 ")
        process.signal(signal.SIGTERM)
        await process.event("draining")
        assert (await line.ask("/probe/login/ann", method="POST")).startswith("HTTP/1.1 200 ")
    assert await process.exit_status() == 0
