"""The same pairs through a general client, answers read and compared by nothing: CLIENT OLD NEW COUNT TARGET."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from loadtests.benchmarks.pairs.measure import tell_async

_AT_ONCE = 16
Get = Callable[[str], Awaitable[bytes]]


async def aiohttp_pairs(old: str, new: str, count: int, target: str) -> int:
    import aiohttp

    async with aiohttp.ClientSession() as session:

        async def get(url: str) -> bytes:
            async with session.get(url) as response:
                return await response.read()

        await _pairs(get, old + target, new + target, count)
    return count


async def httpx_pairs(old: str, new: str, count: int, target: str) -> int:
    import httpx

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=2 * _AT_ONCE)) as client:

        async def get(url: str) -> bytes:
            return (await client.get(url)).content

        await _pairs(get, old + target, new + target, count)
    return count


async def _pairs(get: Get, old: str, new: str, count: int) -> None:
    numbers = iter(range(count))

    async def work() -> None:
        for _ in numbers:
            await asyncio.gather(get(old), get(new))

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))


CLIENTS = {"aiohttp": aiohttp_pairs, "httpx": httpx_pairs}

if __name__ == "__main__":
    tell_async(partial(CLIENTS[sys.argv[1]], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]))
