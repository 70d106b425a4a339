"""How a server comes to its end."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from aiohttp_server.tests.conftest import Serve
from aiohttp_server.tests.served import LIMIT, Served, Wire, until


async def test_ready_says_503_before_listening_ends(serve: Serve) -> None:
    async with serve(drain_delay=LIMIT) as served, served.connect() as wire, asyncio.TaskGroup() as group:
        drain = group.create_task(served.hosted.drain())
        await until(lambda: served.hosted.runtime.host.draining)
        assert (await served.get("/ready")).status == 503
        assert (await wire.get("/health")).headers["Connection"] == "close"
        assert await wire.rest() == b""
        drain.cancel()


async def test_new_connections_are_refused_and_idle_ones_get_one_more_answer(served: Served) -> None:
    async with served.connect() as wire, asyncio.TaskGroup() as group:
        await wire.get("/health")
        drain = group.create_task(served.hosted.drain())
        await until(lambda: _refused(served))
        assert not drain.done()
        answer = await wire.get("/health")
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        assert await wire.rest() == b""
    assert drain.done()


async def test_a_connection_made_while_the_listening_ends_is_still_answered(served: Served) -> None:
    """It is in the kernel's queue when the site has stopped to accept, and would be reset with the socket."""
    made = socket.socket()
    drain = asyncio.create_task(served.hosted.drain())
    asyncio.get_running_loop().call_soon(made.connect, ("127.0.0.1", served.port))
    await asyncio.sleep(0)
    wire = Wire(*await asyncio.open_connection(sock=made))
    answer = await wire.get("/health")
    assert (answer.status, answer.headers["Connection"]) == (200, "close")
    wire.writer.close()
    await drain


async def test_what_is_under_way_is_finished(served: Served) -> None:
    async with served.connect() as wire, asyncio.TaskGroup() as group, served.connect() as other:
        await wire.send("GET /probe/slow/e HTTP/1.1\r\nHost: a\r\n\r\n")
        await other.get("/probe/held/e")
        group.create_task(served.hosted.drain())
        await until(lambda: served.hosted.runtime.host.draining)
        await other.get("/probe/release/e", "Content-Length: 0", method="POST")
        answer = await wire.answer()
        assert (answer.status, answer.headers["Connection"]) == (200, "close")


async def test_what_lasts_too_long_is_cut(serve: Serve) -> None:
    async with serve(drain_timeout=0.2) as served, served.connect() as wire, served.connect() as other:
        await wire.send("GET /probe/slow/f HTTP/1.1\r\nHost: a\r\n\r\n")
        await other.get("/probe/held/f")
        began = time.monotonic()
        await served.hosted.drain()
        assert 0.2 <= time.monotonic() - began < 2
        assert await wire.rest() == b""


async def test_an_idle_connection_is_closed_when_it_has_been_kept_long_enough(serve: Serve) -> None:
    async with serve(keepalive_timeout=0.2, drain_timeout=LIMIT) as served, served.connect() as wire:
        await wire.get("/health")
        await served.hosted.drain()
        assert await wire.rest() == b""


@pytest.mark.parametrize("count", [1, 20])
async def test_a_client_that_left_at_once_does_not_hold_up_the_drain(served: Served, count: int) -> None:
    for _ in range(count):
        async with served.connect() as wire:
            await wire.get("/health")
    async with asyncio.timeout(LIMIT):
        await served.hosted.drain()


def _refused(served: Served) -> bool:
    import socket

    try:
        socket.create_connection(("127.0.0.1", served.port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False
