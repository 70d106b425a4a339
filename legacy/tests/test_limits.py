from __future__ import annotations

import asyncio
import socket

import pytest

from legacy.tests.client import Wire, request, until
from legacy.tests.conftest import Serve


async def test_a_head_that_does_not_arrive_in_time_is_408_however_it_trickles(serve: Serve) -> None:
    async with serve(header_timeout=0.3) as served, served.connect() as wire:
        assert (await wire.get("/health")).status == 200

        async def trickle() -> None:
            for octet in request("/" + "x" * 5000):
                await wire.send(bytes([octet]))
                await asyncio.sleep(0.02)

        trickling = asyncio.create_task(trickle())
        try:
            answer = await wire.answer()
        finally:
            trickling.cancel()
        assert (answer.status, answer.headers["Connection"]) == (408, "close")
        assert [record["status"] for record in await served.records(2)] == [200, 408]


async def test_a_connection_on_which_nothing_was_sent_is_closed_in_silence(serve: Serve) -> None:
    async with serve(header_timeout=0.1) as served, served.connect() as wire:
        assert await wire.rest() == b""
        assert served.lines("access") == []


async def test_an_idle_connection_is_closed_in_silence(serve: Serve) -> None:
    async with serve(keepalive_timeout=0.1) as served, served.connect() as wire:
        assert (await wire.get("/health")).status == 200
        assert await wire.rest() == b""


async def test_content_that_stalls_is_408(serve: Serve) -> None:
    async with serve(body_timeout=0.1) as served:
        answer = await served.talk(request("/probe/upload", "Content-Length: 9", method="POST") + b"abc")
        assert (answer.status, answer.headers["Connection"]) == (408, "close")


async def test_content_that_nobody_reads_and_that_stalls_ends_the_connection(serve: Serve) -> None:
    async with serve(body_timeout=0.1) as served:
        answer = await served.talk(request("/probe/ignore", "Content-Length: 9", method="POST") + b"abc")
        assert answer.status == 200


@pytest.mark.parametrize("target", ["/probe/flood/a", "/probe/bytes/16777216", "/static/large.bin"])
async def test_a_client_that_does_not_read_is_cut(serve: Serve, target: str) -> None:
    async with serve(write_timeout=0.2) as served, served.connect() as wire:
        (served.static / "large.bin").write_bytes(bytes(64 << 20))
        wire.reader._transport.pause_reading()  # type: ignore[attr-defined]
        await wire.send(request(target))
        (record,) = await served.records(1)
        assert record["status"] == 499
        wire.reader._transport.resume_reading()  # type: ignore[attr-defined]
        with pytest.raises(ConnectionResetError):
            await wire.rest()


async def test_too_many_connections_are_turned_away(serve: Serve) -> None:
    async with serve(max_connections=1) as served, served.connect() as first:
        assert (await first.get("/health")).status == 200
        async with served.connect() as second:
            answer = await second.answer()
            assert (answer.status, answer.headers["Retry-After"], await second.rest()) == (503, "1", b"")
        assert (await first.get("/health")).status == 200


async def test_too_many_connections_of_one_address_are_turned_away(serve: Serve) -> None:
    async with serve(max_connections_per_address=1) as served:
        async with served.connect() as first, served.connect() as second:
            assert (await first.get("/health")).status == 200
            assert (await second.answer()).status == 503
        await until(lambda: served.site.host.connections == 0)
        assert (await served.get("/health")).status == 200


async def test_limits_on_the_head_are_those_of_the_configuration(serve: Serve) -> None:
    async with serve(max_head=1024, max_fields=10) as served:
        assert (await served.talk(request("/" + "x" * 2000))).status == 414
        assert (await served.talk(request("/", "A: " + "x" * 2000))).status == 431
        assert (await served.talk(request("/", *["A: b"] * 10))).status == 431
        assert (await served.get("/health", *["A: b"] * 9)).status == 200


async def test_chunked_content_is_refused_when_it_passes_the_limit_and_not_at_its_end(serve: Serve) -> None:
    async with serve(max_body=1000) as served:
        sent = request("/probe/upload", "Transfer-Encoding: chunked", method="POST") + b"3e9\r\n" + bytes(1001)
        answer = await served.talk(sent)
        assert (answer.status, answer.headers["Connection"]) == (413, "close")


async def test_a_connection_made_while_the_listening_ends_is_still_answered(serve: Serve) -> None:
    """It is in the kernel's queue when the engine has stopped to accept, and would be reset with the socket."""
    made = socket.socket()
    async with serve() as server:
        drain = asyncio.create_task(server.engine.drain())
        asyncio.get_running_loop().call_soon(made.connect, ("127.0.0.1", server.port))
        await asyncio.sleep(0)
        wire = Wire(*await asyncio.open_connection(sock=made))
        answer = await wire.get("/health")
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        wire.writer.close()
        await drain


async def test_a_drain_ends_with_its_time(serve: Serve) -> None:
    async with serve(drain_timeout=0.1) as served, served.connect() as wire:
        await wire.send(request("/probe/slow/a"))
        await served.get("/probe/held/a")
        await served.engine.drain()
        assert served.site.host.connections == 0
        assert await wire.rest() == b""
