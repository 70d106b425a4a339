from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from legacy.tests.client import LIMIT, request, until
from legacy.tests.conftest import Serve, Served
from shared_handlers.message import File, Request, Response


async def test_each_piece_leaves_before_the_next_is_made(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/gate/a"))
        _, headers = await wire.head()
        assert headers["Transfer-Encoding"] == "chunked"
        for number in range(3):
            assert f"gate {number}".encode() in await wire.chunk()
            await served.get("/probe/gate/a", method="POST")
        assert await wire.chunk() == b""
        assert (await wire.get("/health")).status == 200


async def test_nothing_is_made_faster_than_it_is_read(served: Served) -> None:
    async def made() -> int:
        count: int = (await served.get("/probe/made/a")).json["made"]
        return count

    async with served.connect() as wire:
        await wire.send(request("/probe/flood/a"))
        await wire.head()
        before = -1
        async with asyncio.timeout(LIMIT):
            while (count := await made()) != before:
                before = count
                await asyncio.sleep(0.1)
        # Only what the sockets of both sides hold: a stream that were not stopped makes thousands in this time.
        assert count < 500
        for _ in range(count + 10):
            await wire.chunk()
        assert await made() > count


@pytest.mark.parametrize("how", ["reset", "finish"])
async def test_a_stream_that_waits_is_closed_when_its_client_leaves(served: Served, how: str) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/gate/a"))
        await wire.head()
        await wire.chunk()
        getattr(wire, how)()
        assert (await served.get("/probe/left/a")).json == {"left": 1}
    records = await served.records(2)
    assert [record["status"] for record in records if record["target"] == "/probe/gate/a"] == [499]


async def test_a_stream_that_is_not_read_is_closed_when_its_client_leaves(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/flood/a"))
        await wire.head()
        wire.reset()
        assert (await served.get("/probe/left/a")).json == {"left": 1}


async def test_a_held_request_is_cancelled_when_its_client_resets(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/slow/a"))
        await served.get("/probe/held/a")
        wire.reset()
        assert (await served.get("/probe/left/a")).json == {"left": 1}
    assert 499 in [record["status"] for record in await served.records(3)]


async def test_streams_under_way_are_counted(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/gate/a"))
        await wire.head()
        assert (served.site.host.streams, served.site.host.connections) == (1, 1)
    await until(lambda: served.site.host.streams == served.site.host.connections == 0)


async def test_a_stream_that_fails_has_no_last_chunk(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/stream-error/2"))
        await wire.head()
        assert await wire.chunk() == b"piece 0\npiece 1\n"
        assert await wire.rest() == b""
    assert served.lines("error")[0]["message"] == "stream failed"


async def test_a_stream_to_http_1_0_that_fails_is_reset(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /probe/stream-error/2 HTTP/1.0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            await wire.rest()


async def test_pieces_that_are_empty_are_left_out(serve: Serve) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"", b"a", b"", b"b"):
            yield piece

    async def own(request: Request) -> Response:
        return Response(200, (), pieces())

    async with serve(own) as served:
        assert (await served.get("/own")).content == b"ab"


@pytest.mark.parametrize("leaves", [False, True])
async def test_an_iterable_that_is_no_generator_is_closed_as_well(serve: Serve, leaves: bool) -> None:
    pieces = Pieces(1 << 20 if leaves else 2)

    async def own(request: Request) -> Response:
        return Response(200, (), pieces)

    async with serve(own) as served, served.connect() as wire:
        await wire.send(request("/own"))
        await wire.head()
        assert await wire.chunk() == bytes(65_536)
        if leaves:
            wire.reset()
        else:
            await wire.chunk()
        await until(lambda: pieces.closed == 1)


class Pieces:
    def __init__(self, count: int) -> None:
        self.count = count
        self.closed = 0

    def __aiter__(self) -> Pieces:
        return self

    async def __anext__(self) -> bytes:
        if not self.count:
            raise StopAsyncIteration
        self.count -= 1
        return bytes(65_536)

    async def aclose(self) -> None:
        self.closed += 1


async def test_a_file_that_has_shrunk_is_not_made_to_look_whole(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(b"x" * 1000)
    handle = path.open("rb")

    async def own(request: Request) -> Response:
        return Response(200, (), File(handle, 100, 5000))

    async with serve(own) as served, served.connect() as wire:
        await wire.send(request("/own"))
        _, headers = await wire.head()
        assert (headers["Content-Length"], await wire.rest()) == ("5000", b"x" * 900)
        assert served.lines("error")[0]["message"] == "stream failed"
    assert handle.closed


async def test_a_busy_stream_leaves_room_for_others(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/flood/a"))

        async def swallow() -> None:
            while await wire.reader.read(1 << 20):
                pass

        swallowing = asyncio.create_task(swallow())
        try:
            assert (await served.get("/health")).status == 200
        finally:
            swallowing.cancel()


async def test_large_files_arrive_whole_and_in_parts(served: Served) -> None:
    content = bytes(range(256)) * 8000
    (served.static / "large.bin").write_bytes(content)
    async with served.connect() as wire:
        assert (await wire.get("/static/large.bin")).content == content
        part = await wire.get("/static/large.bin", "Range: bytes=1000-1999999")
        assert (part.status, part.content) == (206, content[1000:2_000_000])
    assert [record["bytes"] for record in await served.records(2)] == [len(content), 1_999_000]


async def test_a_client_that_leaves_a_large_file_is_recorded_as_gone(served: Served) -> None:
    (served.static / "large.bin").write_bytes(bytes(64 << 20))
    async with served.connect() as wire:
        await wire.send(request("/static/large.bin"))
        await wire.head()
        wire.reset()
        (record,) = await served.records(1)
        assert record["status"] == 499
