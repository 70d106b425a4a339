"""make bench: what a request costs each server, beside comparators, in one alternating run."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from loadtests.benchmarks.generator import load
from loadtests.benchmarks.pairs.__main__ import main as pairs
from loadtests.benchmarks.running import Contender, running
from loadtests.benchmarks.scenarios import FILE_SIZE, SCENARIOS, Scenario
from samewire.load.process import cpu_seconds


async def main() -> None:
    options = _options()
    await _questions()
    print(
        f"{options.connections} keep-alive connections, {options.rounds} rounds of up to {options.requests} requests in"
    )
    print(
        "random order; our servers and bare aiohttp on asyncio's loop, uvicorn on uvloop with httptools; every server"
    )
    print("writes one JSON access line a request to standard error, here /dev/null.\n")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "large"
        file.write_bytes(b"x" * FILE_SIZE)
        environment = {"NLWEB_STATIC_DIRECTORY": folder, "BENCH_FILE": str(file)}
        for scenario in SCENARIOS:
            await measure(scenario, options.connections, options.rounds, options.requests, environment)
    await pairs(())


async def measure(
    scenario: Scenario, connections: int, rounds: int, requests: int, environment: Mapping[str, str]
) -> None:
    """All servers of a scenario side by side, asked in turns; prints what a request costs each, and the ratios."""
    print(scenario.title, flush=True)
    count = max(connections, int(requests * scenario.share))
    async with AsyncExitStack() as stack:
        contenders = [
            await stack.enter_async_context(running(name, module, environment))
            for name, module in scenario.servers.items()
        ]
        for contender in contenders:
            await load(contender.url, scenario.path(contender.name), connections, count // 4)
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for contender in random.sample(contenders, len(contenders)):
                target = scenario.path(contender.name)
                contender.microseconds.append(await _round(contender, target, connections, count))
    _report(scenario, {contender.name: contender for contender in contenders})


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


async def _round(contender: Contender, target: str, connections: int, requests: int) -> float:
    before = cpu_seconds(contender.pid)
    await load(contender.url, target, connections, requests)
    after = cpu_seconds(contender.pid)
    if before is None or after is None:
        raise SystemExit(f"{contender.name} ended during the run")
    return (after - before) / requests * 1e6


def _report(scenario: Scenario, contenders: dict[str, Contender]) -> None:
    print(f"{'server':22} {'min':>7} {'median':>7} {'max':>7}  CPU microseconds a request")
    for contender in contenders.values():
        values = contender.microseconds
        print(f"{contender.name:22} {min(values):7.1f} {median(values):7.1f} {max(values):7.1f}")
    print()
    for name, other, aim in scenario.aims:
        pairs = [a / b for a, b in zip(contenders[name].microseconds, contenders[other].microseconds, strict=True)]
        print(f"{name} / {other}: {median(pairs):.2f} (min {min(pairs):.2f}, max {max(pairs):.2f}; aim <= {aim:.2f})")
    print()


if __name__ == "__main__":
    asyncio.run(main())
