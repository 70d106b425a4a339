"""What only an engine with threads has: workers that are held, and what happens meanwhile."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from typing import Any

import pytest

from legacy.tests.client import LIMIT, Answer, Wire, request, until
from legacy.tests.conftest import Serve, Served
from legacy.thread_engine import ThreadEngine
from shared_handlers.message import Request, Response, json_response

IDLE = 1000


@pytest.fixture
def engine() -> str:
    return "threads"


class Held:
    """An endpoint that blocks its thread, as a slow call of a database does, until it is let go."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self._lock = threading.Lock()
        self.inside = 0

    async def endpoint(self, request: Request) -> Response:
        with self._lock:
            self.inside += 1
        try:
            if not self._go.wait(LIMIT):
                raise RuntimeError("nobody let it go")
        finally:
            with self._lock:
                self.inside -= 1
        return json_response({"thread": threading.current_thread().name})

    def let_go(self) -> None:
        self._go.set()

    def hold_again(self) -> None:
        self._go.clear()


@contextmanager
def held() -> Iterator[Held]:
    one = Held()
    try:
        yield one
    finally:
        one.let_go()


@asynccontextmanager
async def asking(served: Served, count: int, target: str = "/own") -> AsyncIterator[list[Wire]]:
    """So many connections, each with a request on its way."""
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(served.connect()) for _ in range(count)]
        for wire in wires:
            await wire.send(request(target))
        yield wires


def workers(served: Served) -> int:
    assert isinstance(served.engine, ThreadEngine)
    return served.engine.workers


async def answers(wires: list[Wire]) -> list[Answer]:
    return [await wire.answer() for wire in wires]


async def test_a_route_that_blocks_does_not_starve_another(serve: Serve) -> None:
    threads = {"min_workers": 1, "max_workers": 3}
    with held() as slow:
        async with serve(slow.endpoint, waits=False, threads=threads) as served, asking(served, 2) as wires:
            await until(lambda: slow.inside == 2)
            assert (await served.get("/health")).status == 200
            assert slow.inside == 2
            slow.let_go()
            assert [answer.status for answer in await answers(wires)] == [200, 200]


async def test_beyond_the_queue_it_is_503_while_the_others_are_held_and_well_again_afterwards(serve: Serve) -> None:
    threads = {"min_workers": 1, "max_workers": 2, "max_queue": 3}
    with held() as slow:
        async with serve(slow.endpoint, waits=False, threads=threads) as served, asking(served, 2) as at_work:
            await until(lambda: slow.inside == 2)
            async with served.connect() as kept:
                async with asking(served, 20) as waiting:
                    refused = await first_refused(waiting)
                    assert refused.headers["Retry-After"] == "1"
                    assert refused.headers["Connection"] == "close"
                    assert refused.json["status"] == 503
                    assert slow.inside == 2
                    slow.let_go()
                    assert {answer.status for answer in await answers(at_work)} == {200}
                assert (await kept.get("/health")).status == 200


async def first_refused(wires: list[Wire]) -> Answer:
    """The first answer that comes on any of the connections."""
    tasks = [asyncio.ensure_future(wire.answer()) for wire in wires]
    try:
        done, _ = await asyncio.wait(tasks, timeout=LIMIT, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_is_queued_is_answered_when_a_worker_is_free(serve: Serve) -> None:
    threads = {"min_workers": 1, "max_workers": 1, "max_queue": 10}
    with held() as slow:
        async with serve(slow.endpoint, waits=False, threads=threads) as served, asking(served, 1) as at_work:
            await until(lambda: slow.inside == 1)
            async with asking(served, 5, "/health") as queued:
                slow.let_go()
                assert {answer.status for answer in await answers(at_work + queued)} == {200}


async def test_a_kept_connection_is_refused_too_and_told_that_it_is_over(serve: Serve) -> None:
    threads = {"min_workers": 1, "max_workers": 1, "max_queue": 1}
    with held() as slow:
        async with serve(slow.endpoint, waits=False, threads=threads) as served, AsyncExitStack() as stack:
            kept = [await stack.enter_async_context(served.connect()) for _ in range(10)]
            for wire in kept:
                assert (await wire.get("/health")).status == 200
            await stack.enter_async_context(asking(served, 1))
            await until(lambda: slow.inside == 1)
            for wire in kept:
                await wire.send(request("/health"))
            refused = await first_refused(kept)
            assert (refused.status, refused.headers["Connection"]) == (503, "close")


@pytest.mark.parametrize("times", [3, pytest.param(100, marks=pytest.mark.soak)])
async def test_the_pool_grows_to_its_most_under_load_and_shrinks_when_idle(serve: Serve, times: int) -> None:
    threads: dict[str, Any] = {"min_workers": 1, "max_workers": 8, "idle_timeout": 0.05}
    with held() as slow:
        async with serve(slow.endpoint, waits=False, threads=threads) as served:
            for _ in range(times):
                slow.hold_again()
                async with asking(served, 8) as wires:
                    await until(lambda: slow.inside == 8)
                    assert workers(served) == 8
                    slow.let_go()
                    assert {answer.status for answer in await answers(wires)} == {200}
                await until(lambda: workers(served) == 1)


async def test_idle_connections_hold_no_worker(serve: Serve) -> None:
    async with serve(threads={"max_workers": 16}) as served, AsyncExitStack() as stack:
        for number in range(IDLE):
            wire = await stack.enter_async_context(served.connect())
            if number % 10 == 0:
                assert (await wire.get("/health")).status == 200
        await until(lambda: served.site.host.connections == IDLE)
        assert (await served.get("/health")).status == 200
        assert workers(served) <= 16


async def test_clients_that_do_not_read_hold_no_worker(serve: Serve) -> None:
    async with serve(threads={"min_workers": 1, "max_workers": 1}) as served:
        (served.static / "large").write_bytes(b"\0" * (16 << 20))
        async with asking(served, 4, "/probe/bytes/16000000") as bodies, asking(served, 4, "/static/large") as files:
            for wire in bodies + files:
                await wire.head()
            assert (await served.get("/health")).status == 200
            assert [len(await read(wire, 16_000_000)) for wire in bodies] == [16_000_000] * 4
            assert [len(await read(wire, 16 << 20)) for wire in files] == [16 << 20] * 4


async def read(wire: Wire, size: int) -> bytes:
    async with asyncio.timeout(4 * LIMIT):
        return await wire.reader.readexactly(size)


async def test_an_endpoint_that_waits_without_saying_so_still_answers(serve: Serve) -> None:
    async def waits(_: Request) -> Response:
        async with asyncio.timeout(LIMIT):
            await asyncio.sleep(0)
            event = asyncio.Event()
            asyncio.get_running_loop().call_later(0.01, event.set)
            await event.wait()
            await asyncio.gather(asyncio.sleep(0), asyncio.to_thread(int))
        return json_response({"task": asyncio.current_task() is not None})

    async with serve(waits, waits=False) as served:
        answer = await served.get("/own")
        assert (answer.status, answer.json) == (200, {"task": True})


async def test_one_that_waits_too_long_is_504(serve: Serve) -> None:
    async def waits(_: Request) -> Response:
        await asyncio.Event().wait()
        return Response()

    async with serve(waits, waits=False, timeout=0.1) as served:
        assert (await served.get("/own")).status == 504
        assert (await served.get("/health")).status == 200


async def test_what_may_wait_is_run_on_the_loop_and_what_follows_on_a_worker(serve: Serve) -> None:
    async def who(request: Request) -> Response:
        await request.body.read()
        return json_response({"thread": threading.current_thread().name})

    async with serve(who, waits=False) as served, served.connect() as wire:
        loop = threading.current_thread().name
        assert (await wire.get("/own")).json["thread"] == "worker"
        await wire.send(request("/own", "Content-Length: 3", method="POST"))
        await until(lambda: any(stream.carrier for stream in served.engine._streams))  # type: ignore[attr-defined]
        await wire.send(b"abc")
        assert (await wire.answer()).json["thread"] == loop
        assert (await wire.get("/own", "Content-Length: 3", method="POST", content=b"abc")).json["thread"] == "worker"
        assert (await wire.get("/probe/events/2")).status == 200
        assert (await wire.get("/own")).json["thread"] == "worker"


async def test_pipelined_requests_of_both_kinds_are_answered_in_their_order(serve: Serve) -> None:
    async with serve() as served, served.connect() as wire:
        kinds = ["/health", "/probe/events/3", "/probe/bytes/100000", "/probe/stream/2", "/health"] * 20
        await wire.send(b"".join(request(target) for target in kinds))
        types = [(await wire.answer()).headers["Content-Type"].partition(";")[0] for _ in kinds]
        expected = [
            "application/json",
            "text/event-stream",
            "application/octet-stream",
            "text/plain",
            "application/json",
        ]
        assert types == expected * 20


async def test_a_drain_waits_for_what_is_held(serve: Serve) -> None:
    with held() as slow:
        async with serve(slow.endpoint, waits=False) as served, asking(served, 1) as (wire,):
            await until(lambda: slow.inside == 1)
            draining = asyncio.create_task(served.engine.drain())
            await until(lambda: served.site.host.draining)
            slow.let_go()
            answer = await wire.answer()
            assert (answer.status, answer.headers["Connection"]) == (200, "close")
            wire.writer.close()
            await asyncio.wait_for(draining, LIMIT)


async def test_a_second_stop_touches_nothing_that_is_closed_by_then(serve: Serve) -> None:
    """Its descriptors' numbers may be other files' by then."""
    async with serve() as served:
        await served.get("/health")
        await served.engine.stop()
        await until(lambda: not {"worker", "watch"} & {thread.name for thread in threading.enumerate()})
        with closing(os.fdopen(os.eventfd(0, os.EFD_NONBLOCK), "rb", buffering=0)) as other:
            await served.engine.stop()
            assert other.read(8) is None
