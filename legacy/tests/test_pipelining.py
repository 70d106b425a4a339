from __future__ import annotations

import asyncio

from legacy.tests.client import LIMIT, Wire, request
from legacy.tests.conftest import Served

ENDLESS = 32 << 20
"""Bytes: more than the buffers of two sockets hold."""


async def test_a_connection_serves_one_request_after_the_other(served: Served) -> None:
    async with served.connect() as wire:
        for number in range(3):
            assert (await wire.get(f"/probe/items/{number}")).json == {"params": {"id": str(number)}}


async def test_pipelined_requests_are_answered_in_order_while_the_first_is_held(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(
            request("/probe/slow/a") + request("/probe/items/1") + request("/probe/counter/a", method="POST")
        )
        assert (await served.get("/probe/held/a")).status == 200
        assert (await served.get("/probe/counter/a")).json == {"count": 0}
        await served.get("/probe/release/a", method="POST")
        assert [(await wire.answer()).json for _ in range(3)] == [{"held": "a"}, {"params": {"id": "1"}}, {"count": 1}]


async def test_a_client_that_sends_while_it_is_not_answered_is_stopped(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/slow/a"))
        await served.get("/probe/held/a")
        wire.writer.transport.set_write_buffer_limits(0)
        sent = [0]
        sending = asyncio.create_task(endless(wire, sent))
        before = -1
        async with asyncio.timeout(LIMIT):
            while before != sent[0]:
                before = sent[0]
                await asyncio.sleep(0.2)
        sending.cancel()
        assert before < ENDLESS
        await served.get("/probe/release/a", method="POST")
        assert (await wire.answer()).json == {"held": "a"}
        assert (await wire.answer()).status == 200


async def test_a_long_pipeline_leaves_room_for_others(served: Served, engine: str) -> None:
    # Threads begin with the pipeline before the other request is written.
    latest = {"asyncio": 400, "threads": 2900}[engine]
    async with served.connect() as flooding, served.connect() as other:
        assert [(await wire.get("/ready")).status for wire in (flooding, other)] == [200, 200]
        # Without giving the server's loop a turn, so that all of it has arrived when the server looks.
        flooding.writer.write(request("/health") * 3000)
        other.writer.write(request("/sites"))
        assert (await other.answer()).status == 200
        for _ in range(3000):
            await flooding.answer()
    targets = [record["target"] for record in await served.records(3003)]
    assert targets.index("/sites") < latest


async def endless(wire: Wire, sent: list[int]) -> None:
    data = request("/health") * 1000
    while sent[0] < ENDLESS:
        await wire.send(data)
        sent[0] += len(data)


async def test_content_that_nobody_read_is_not_the_next_request(served: Served) -> None:
    async with served.connect() as wire:
        content = request("/probe/counter/a", method="POST")
        length = f"Content-Length: {len(content)}"
        assert (await wire.get("/probe/ignore", length, method="POST", content=content)).status == 200
        await wire.send(request("/probe/ignore", length, method="POST") + content[:9])
        assert (await wire.answer()).status == 200
        await wire.send(content[9:])
        assert (await wire.get("/probe/counter/a")).json == {"count": 0}


async def test_a_sound_request_before_malformed_bytes_is_answered(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/health") + b"nonsense\r\n\r\n")
        assert [(await wire.answer()).status, (await wire.answer()).status] == [200, 400]
        assert await wire.rest() == b""
