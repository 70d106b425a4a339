"""Tries both servers: starts or reaches them, asks what will be the first cases, and says what came."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from samewire.cases.build import case, expect, get
from samewire.cases.model import Case
from samewire.compare import printable
from samewire.config import Config
from samewire.exchange import Answer, Answered
from samewire.init.wanted import NEW, OLD
from samewire.launch import Running
from samewire.run import run_case
from samewire.serving import serving
from samewire.targets import resolve
from samewire.traffic import Record

ASKED, FIRST_CASES = 40, 5
ROOT = Record("", target="/")
_PREFIX = "FIRST"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the servers answered."""

    seen: tuple[str, ...]
    """A line for each side."""
    found: tuple[Record, ...]
    """What of the requests the old server knows."""
    cases: tuple[Case, ...]
    """The first of them, with what it answers as their expectation."""


async def tried(config: Config, requests: Iterable[Record]) -> Trial:
    """Both servers up at once, and stopped if they were started. Raises NotStarted."""
    async with serving([resolve(name, config) for name in (OLD, NEW)]) as servers:
        answers = await asyncio.gather(*(_answer(server, ROOT) for server in servers))
        seen = tuple(_line(server, answer) for server, answer in zip(servers, answers, strict=True))
        found = await _found(servers[0], (*islice(requests, ASKED), ROOT))
    cases = tuple(first_case(number, *pair) for number, pair in enumerate(found[:FIRST_CASES], 1))
    return Trial(seen, tuple(record for record, _ in found), cases)


def first_case(number: int, record: Record, answer: Answer) -> Case:
    """A case that asks this and expects of the answer what is sure to be meant: its status."""
    version = {} if answer.version == "HTTP/1.1" else {"version": answer.version}
    return case(
        f"{_PREFIX}-{number:02}",
        f"GET {record.target.partition('?')[0]} answers {answer.status}",
        "The old server answered so when samewire init asked it",
        get(record.target, headers=record.fields),
        expect(answer.status, **version),  # type: ignore[arg-type]
    )


async def _found(old: Running, asked: Iterable[Record]) -> list[tuple[Record, Answer]]:
    """What the old server knows, each target once; if it knows nothing, the first that it answers."""
    answered: dict[str, tuple[Record, Answer]] = {}
    for record in asked:
        answer = await _answer(old, record) if record.target not in answered else None
        if answer is not None and 200 <= answer.status < 600:
            answered[record.target] = (record, answer)
    good = [pair for pair in answered.values() if pair[1].status < 400]
    return good or list(answered.values())[:1]


async def _answer(server: Running, record: Record) -> Answer | None:
    asking = case(f"{_PREFIX}-0", "-", "-", get(record.target, headers=record.fields), expect(200))
    transcript = await run_case(asking, server.name, server.address, probe=server.probe)
    answered = (seen for seen in transcript.observations if isinstance(seen, Answered))
    return next((seen.answer for seen in answered if not seen.failure), None)


def _line(server: Running, answer: Answer | None) -> str:
    where = " ".join(server.command) or server.url
    if answer is None:
        return f"{server.name}: {printable(where)}: accepts connections, and gives no answer of HTTP/1.1 to GET /"
    kind = ", ".join(answer.values("content-type")) or "no content type"
    by = ", ".join(answer.values("server"))
    said = f"{answer.version} {answer.status}, {kind}, {len(answer.body)} bytes" + (f", Server: {by}" if by else "")
    return f"{server.name}: {printable(where)}: GET / answers {printable(said)}"
