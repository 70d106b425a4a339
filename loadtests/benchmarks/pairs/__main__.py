"""python -m loadtests.benchmarks.pairs: pairs a second, comparisons a second, and how cost and memory grow."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from statistics import median

from loadtests.benchmarks.pairs.measure import Measure, measured
from loadtests.benchmarks.running import running
from samewire.address import Address
from samewire.config import Config
from samewire.fuzz.asking import Asking
from samewire.fuzz.batches import Wanted
from samewire.fuzz.example import Kind
from samewire.fuzz.known import known
from samewire.fuzz.speed import speed
from samewire.launch import Running

ASK = "/ask?query=teapot&site=http_status&streaming=false"
EQUAL = f"{ASK}&query_id=bench"
SERVERS = {
    "legacy": ("legacy", "--port", "0", "--mode", "production"),
    "aiohttp": ("aiohttp_server", "--port", "0", "--mode", "production"),
}
CONSTANT = ("loadtests.benchmarks.pairs.constant",)
AIM = 5000
"""Pairs a second."""
_GROWTH = (1_000, 10_000, 100_000)
_FULL = (*_GROWTH, 1_000_000)


async def main(words: Sequence[str] | None = None) -> None:
    options = _options(words)
    await _references(options)
    await _limits(options)
    await _comparisons(options)
    await _growth(_FULL if options.full else _GROWTH)


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtests.benchmarks.pairs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=2000, help="pairs a round and contender")
    parser.add_argument("--full", action="store_true", help="growth up to 10^6 records, which takes minutes")
    return parser.parse_args(words)


async def _references(options: argparse.Namespace) -> None:
    """Against the two servers of this repository; generator and both servers share this machine's cores."""
    async with running("legacy", SERVERS["legacy"]) as old, running("aiohttp", SERVERS["aiohttp"]) as new:
        count = str(options.pairs)
        contenders = {
            "samewire, equal JSON": ("replayed", old.url, new.url, count, EQUAL),
            "samewire, one token differs": ("replayed", old.url, new.url, count, ASK),
            "aiohttp's client, nothing compared": ("peers", "aiohttp", old.url, new.url, count, ASK),
            "httpx, nothing compared": ("peers", "httpx", old.url, new.url, count, ASK),
        }
        print(
            f"pairs a second, legacy and aiohttp, GET {ASK} (about 1 KB of JSON), one process on one core", flush=True
        )
        _table(await _rounds(contenders, options.rounds), f"aim >= {AIM}")
        await _generated(old.url, new.url)


async def _limits(options: argparse.Namespace) -> None:
    """Against a server that costs next to nothing: what is left is the harness."""
    async with running("constant", CONSTANT) as old, running("constant", CONSTANT) as new:
        count = str(options.pairs)
        contenders = {
            "samewire, one uuid differs": ("replayed", old.url, new.url, count, "/items/{n}"),
            "aiohttp's client, nothing compared": ("peers", "aiohttp", old.url, new.url, count, "/"),
        }
        print("pairs a second, two servers that answer 1 KB of JSON without looking", flush=True)
        _table(await _rounds(contenders, options.rounds), f"aim >= {AIM}")


async def _comparisons(options: argparse.Namespace) -> None:
    """In this process alone."""
    contenders = {
        "samewire.compare, equal": ("compared", "equal", str(options.pairs)),
        "samewire.compare, one token differs": ("compared", "token", str(options.pairs)),
        "at a glance, one token differs": ("compared", "glance", str(options.pairs)),
    }
    print("comparisons a second of 1 KB of JSON, in process", flush=True)
    _table(await _rounds(contenders, options.rounds), "")


async def _generated(old: str, new: str, examples: int = 600) -> None:
    if find_spec("hypothesis") is None:
        return
    wanted = Wanted(examples, 1, tuple(Kind), known(()), unsafe=False)
    found = await speed(Asking(Config(), _side("old", old), _side("new", new)), wanted)
    print(
        f"generated exchanges a second: {found.generated:.0f} generated alone, "
        f"{found.compared:.0f} sent and compared, differences confirmed and shrunk\n",
        flush=True,
    )


def _side(name: str, url: str) -> Running:
    return Running(name, url, Address.of(url), "/health", None, False)


async def _growth(counts: Sequence[int]) -> None:
    """Cost a record, and memory, from few records to many."""
    print("cost a record as records grow, two servers that answer without looking (aim: flat, memory bounded)")
    async with running("constant", CONSTANT) as old, running("constant", CONSTANT) as new:
        for count in counts:
            found = await measured("replayed", old.url, new.url, str(count), "/items/{n}")
            print(
                f"{count:>9} records  {found.rate:8.0f} a second  {found.cost:7.1f} CPU us each  {found.peak / 1024:6.1f} MiB",
                flush=True,
            )


async def _rounds(contenders: Mapping[str, tuple[str, ...]], rounds: int) -> dict[str, list[Measure]]:
    """Each once a round, in turn, the order reversed every other round: what slows the machine slows all."""
    found: dict[str, list[Measure]] = {name: [] for name in contenders}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for name in list(contenders)[:: 1 if number % 2 == 0 else -1]:
            found[name].append(await measured(*contenders[name]))
    return found


def _table(found: dict[str, list[Measure]], aim: str) -> None:
    first = next(iter(found.values()))
    print(f"{'':36} {'median':>7} {'min':>7} {'max':>7}  {'ratio':>5}  CPU us each  peak MiB  {aim}")
    for name, measures in found.items():
        rates = [measure.rate for measure in measures]
        ratio = median(one.rate / other.rate for one, other in zip(measures, first, strict=True))
        cost, peak = median(measure.cost for measure in measures), max(measure.peak for measure in measures) / 1024
        print(
            f"{name:36} {median(rates):7.0f} {min(rates):7.0f} {max(rates):7.0f}  {ratio:5.2f}  {cost:11.1f}  {peak:8.1f}"
        )
    print(flush=True)


if __name__ == "__main__":
    asyncio.run(main())
