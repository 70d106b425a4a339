"""make bench: what a request costs each server, beside comparators, in one alternating run."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from contextlib import AsyncExitStack
from statistics import median

from loadtests.benchmarks.generator import load
from loadtests.benchmarks.pairs.__main__ import main as pairs
from loadtests.benchmarks.running import Contender, running
from parity.load.process import cpu_seconds

SERVERS = {
    "legacy": ("legacy", "--port", "0", "--mode", "production"),
    "aiohttp": ("aiohttp_server", "--port", "0", "--mode", "production"),
    "bare aiohttp": ("loadtests.benchmarks.comparators.bare_aiohttp",),
    "uvicorn + Starlette": ("loadtests.benchmarks.comparators.bare_starlette",),
}
_AIMS = (("aiohttp", "bare aiohttp", 1.10), ("legacy", "uvicorn + Starlette", 0.75))


async def main() -> None:
    options = _options()
    await _questions()
    print(f"GET /health, {options.connections} keep-alive connections, {options.rounds} rounds of {options.requests}")
    print(
        "requests in random order; legacy, aiohttp and bare aiohttp on asyncio's loop, uvicorn on uvloop with httptools;"
    )
    print("every server writes one JSON access line a request to standard error, here /dev/null.\n")
    async with AsyncExitStack() as stack:
        contenders = [await stack.enter_async_context(running(name, module)) for name, module in SERVERS.items()]
        for contender in contenders:
            await load(contender.url, "/health", options.connections, options.requests // 4)
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
            for contender in random.sample(contenders, len(contenders)):
                contender.microseconds.append(await _round(contender, options.connections, options.requests))
    _report({contender.name: contender for contender in contenders})
    print()
    await pairs(())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtests.benchmarks", description=__doc__)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--requests", type=int, default=8000, help="requests a round and server")
    parser.add_argument("--rounds", type=int, default=11)
    return parser.parse_args()


async def _questions() -> None:
    """A question to 10,000 items, measured where the index is: aim < 5 ms."""
    print("a question to the search index (aim: median < 5 ms):", flush=True)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "shared_handlers.nlweb.bench")
    if await process.wait():
        raise SystemExit("the bench of the search index failed")
    print()


async def _round(contender: Contender, connections: int, requests: int) -> float:
    before = cpu_seconds(contender.pid)
    await load(contender.url, "/health", connections, requests)
    after = cpu_seconds(contender.pid)
    if before is None or after is None:
        raise SystemExit(f"{contender.name} ended during the run")
    return (after - before) / requests * 1e6


def _report(contenders: dict[str, Contender]) -> None:
    print(f"{'server':22} {'min':>7} {'median':>7} {'max':>7}  CPU microseconds a request")
    for contender in contenders.values():
        values = contender.microseconds
        print(f"{contender.name:22} {min(values):7.1f} {median(values):7.1f} {max(values):7.1f}")
    print()
    for name, other, aim in _AIMS:
        pairs = [a / b for a, b in zip(contenders[name].microseconds, contenders[other].microseconds, strict=True)]
        print(f"{name} / {other}: {median(pairs):.2f} (min {min(pairs):.2f}, max {max(pairs):.2f}; aim <= {aim:.2f})")


if __name__ == "__main__":
    asyncio.run(main())
