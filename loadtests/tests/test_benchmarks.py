"""The bench's own generator, and that comparators show what the service shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import httpx
import pytest

from loadtests.benchmarks.generator import load
from loadtests.benchmarks.pairs.__main__ import CONSTANT
from loadtests.benchmarks.pairs.measure import measured
from loadtests.benchmarks.running import running
from loadtests.benchmarks.scenarios import SCENARIOS


async def test_the_generator_counts_every_answer_and_no_more() -> None:
    served = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                served += 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-")
                await asyncio.sleep(0)
                writer.write(b"Length: 2\r\n\r\nok")

    async with _serving(serve) as url:
        count = await load(url, "/", connections=4, requests=50)
    assert count.answers == served == 50


async def test_a_streamed_answer_is_whole_with_its_last_chunk() -> None:
    ended = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal ended
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")
                await writer.drain()
                await asyncio.sleep(0)
                ended += 1
                writer.write(b"0\r\n\r\n")

    async with _serving(serve) as url:
        count = await load(url, "/", connections=4, requests=20)
    assert count.answers == ended == 20


async def test_an_answer_that_is_not_200_ends_the_bench() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        await reader.read()

    async with _serving(refuse) as url:
        with pytest.raises(RuntimeError, match="503"):
            await load(url, "/", connections=1, requests=1)


async def test_comparators_do_the_same_visible_work() -> None:
    """Otherwise the ratio compares a server with one that does less."""
    for module in ("uvicorn", "starlette", "httptools", "uvloop"):
        pytest.importorskip(module, reason=f"make bench installs {module}")
    async with AsyncExitStack() as stack:
        servers = SCENARIOS[0].servers.items()
        contenders = [await stack.enter_async_context(running(name, module)) for name, module in servers]
        names = {contender.name: await _field_names(contender.url) for contender in contenders}
    assert len(set(names.values())) == 1, names


async def test_pairs_are_replayed_and_measured_in_a_process_of_their_own() -> None:
    async with running("constant", CONSTANT) as old, running("constant", CONSTANT) as new:
        found = await measured("replayed", old.url, new.url, "50", "/items/{n}")
    assert found.done == 50
    assert min(found.rate, found.cost, found.peak) > 0


@pytest.mark.parametrize("kind", ["equal", "token", "glance"])
async def test_comparisons_are_measured_in_process(kind: str) -> None:
    assert (await measured("compared", kind, "20")).done == 20


async def _field_names(url: str) -> tuple[str, ...]:
    async with httpx.AsyncClient() as client:
        response = await client.get(f"{url}/health")
    return tuple(sorted(response.headers))


@asynccontextmanager
async def _serving(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """A server of the given conversation; every conversation has ended, and its socket is closed, on the way out."""
    conversations = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversations.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async with await asyncio.start_server(converse, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.wait_for(asyncio.gather(*filter(None, conversations)), 10)
