"""Replays so many records on two servers and compares every pair of answers: OLD NEW COUNT TARGET."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

from loadtests.benchmarks.pairs.measure import tell_async
from samewire.address import Address
from samewire.config import Config
from samewire.engine import Session
from samewire.launch import Running
from samewire.replay import Plan, replay
from samewire.result import Verdict
from samewire.traffic import Record


def records(count: int, target: str) -> Iterator[Record]:
    """`{n}` in the target is the record's number."""
    fields = (("Accept", "application/json"), ("User-Agent", "bench"))
    return (Record(f"bench:{n}", target=target.replace("{n}", str(n)), fields=fields) for n in range(count))


async def pairs(old: str, new: str, count: int, target: str) -> int:
    config = Config()
    first, second = (_running(name, url) for name, url in (("old", old), ("new", new)))
    plan = Plan((("bench", records(count, target)),), seed=1)
    found = await replay(Session(config), config, first, second, plan, lambda done, differing: None)
    if found.verdict is not Verdict.SAME or found.unchanged != count:
        raise SystemExit(f"{found.verdict}: {[pair.differences for pair in found.pairs[:3]]}")
    return count


def _running(name: str, url: str) -> Running:
    return Running(name, url, Address.of(url), "/", None, False)


if __name__ == "__main__":
    tell_async(partial(pairs, sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
