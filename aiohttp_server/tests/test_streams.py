"""Streamed answers: made no faster than they are read, closed when nobody reads, cut when they fail."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from aiohttp_server.tests.served import LIMIT, Served, until


async def test_a_piece_leaves_before_the_next_is_made(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /probe/gate/a HTTP/1.1\r\nHost: a\r\n\r\n")
        await wire.head()
        first = await wire.chunk()
        assert served.hosted.runtime.host.streams == 1
        await served.get("/probe/gate/a", "Content-Length: 0", method="POST")
        assert await wire.chunk() != first


async def test_an_idle_stream_is_closed_when_its_client_leaves(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /probe/gate/b HTTP/1.1\r\nHost: a\r\n\r\n")
        await wire.head()
        await wire.chunk()
    left = await served.get("/probe/left/b")
    assert orjson.loads(left.content)["left"] == 1
    await until(lambda: served.hosted.runtime.host.streams == 0)
    await until(lambda: any(record["status"] == 499 for record in served.records()))


async def test_nothing_is_made_faster_than_it_is_read(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /probe/flood/c HTTP/1.1\r\nHost: a\r\n\r\n")
        await wire.head()
        made = [-1, await _made(served)]
        async with asyncio.timeout(LIMIT):
            while made[-1] != made[-2]:
                await asyncio.sleep(0.1)
                made.append(await _made(served))
        assert made[-1] * 65_536 < 64 << 20


async def test_a_stream_that_fails_ends_without_its_terminator(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /probe/stream-error/2 HTTP/1.1\r\nHost: a\r\n\r\n")
        await wire.head()
        rest = await wire.rest()
    assert rest.endswith(b"piece 1\n\r\n")
    assert [line["message"] for line in served.lines() if line["event"] == "error"] == ["stream failed"]
    assert [record["status"] for record in served.records()] == [200]


async def test_a_failing_stream_without_framing_is_reset(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /probe/stream-error/2 HTTP/1.0\r\n\r\n")
        await wire.head()
        with pytest.raises(ConnectionResetError):
            await wire.rest()


async def test_an_endpoint_is_cancelled_when_its_client_resets_the_connection(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /probe/slow/d HTTP/1.1\r\nHost: a\r\n\r\n")
        await served.get("/probe/held/d")
        wire.reset()
    await until(lambda: any(record["status"] == 499 for record in served.records()))


async def _made(served: Served) -> int:
    return int(orjson.loads((await served.get("/probe/made/c")).content)["made"])
