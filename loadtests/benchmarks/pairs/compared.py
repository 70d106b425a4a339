"""Compares transcripts in this process, nothing sent: KIND COUNT, the kind being `equal`, `token` or `glance`."""

from __future__ import annotations

import json
import sys
import uuid
from functools import partial

from loadtests.benchmarks.pairs.measure import tell
from samewire.address import Address
from samewire.compare import Rule, compare
from samewire.config import Config
from samewire.engine import Session
from samewire.launch import Running
from samewire.replay.judge import Judge
from samewire.replay.noises import Route
from samewire.replay.plain import plain
from samewire.replay.seen import Seen, Side, transcript
from samewire.traffic import Record

RULES = (Rule(place="body.json:/id", check="uuid"),)
ADDRESS = Address("http", "127.0.0.1", 1)


def answer(id: str) -> bytes:
    """About 1 KB of JSON with an id in it."""
    items = [{"name": f"item {n}", "price": n * 1.25, "tags": ["a", "b"], "stock": None} for n in range(15)]
    body = json.dumps({"id": id, "items": items}, separators=(",", ":")).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nVary: Accept\r\n\r\n"
    return head.encode() + body


def seen(data: bytes) -> Seen:
    return Seen(b"", plain(data, "GET", 0.0), plain=data)


def comparisons(kind: str, count: int) -> int:
    ids = ["1b0e7d0c-6f0b-4d4c-9d0c-0d6ab3d7c001", str(uuid.uuid4())] if kind != "equal" else ["same", "same"]
    old, new = (seen(answer(id)) for id in ids)
    if kind == "glance":
        return _glances(old, new, count)
    sides = [transcript(side, "bench", Side.of(name, ADDRESS)) for side, name in ((old, "old"), (new, "new"))]
    for _ in range(count):
        if compare(sides[0], sides[1], RULES):
            raise SystemExit("they differ")
    return count


def _glances(old: Seen, new: Seen, count: int) -> int:
    config = Config(rules=RULES)
    first, second = (Running(name, "", ADDRESS, "/", None, False) for name in ("old", "new"))
    judge = Judge(Session(config), config, first, second)
    record, route = Record("bench:1"), Route("GET", "/", 200)
    for _ in range(count):
        if not judge.alike(record, route, old, new):
            raise SystemExit("a glance does not show that they are the same")
    return count


if __name__ == "__main__":
    tell(partial(comparisons, sys.argv[1], int(sys.argv[2])))
