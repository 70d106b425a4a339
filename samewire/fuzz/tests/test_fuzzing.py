"""Each of a dozen seeded faults is found, made small, and kept as a case; a server against itself shows nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from samewire.address import Address
from samewire.cases.model import Case
from samewire.compare import compare
from samewire.config import Config
from samewire.exchange import Answer, Answered, End, Ended, Framing, Transcript
from samewire.fuzz import asking
from samewire.fuzz.asking import Asking, Patience, levelled
from samewire.fuzz.batches import Wanted, batches, generate
from samewire.fuzz.engine import Fuzzing
from samewire.fuzz.example import Example, Kind
from samewire.fuzz.findings import Finding
from samewire.fuzz.regression import regression
from samewire.fuzz.speed import speed
from samewire.fuzz.tests.known_service import KNOWN
from samewire.fuzz.tests.service import FAULTS, Service
from samewire.launch import Running
from samewire.run import run_case

SEED = 1
FEW = 10
Start = Callable[[str], Awaitable[Running]]

WHERE: dict[str, tuple[Kind, int, int]] = {
    # fault: where it shows, within how many examples, and how many bytes its smallest example has at the most
    "lower-case value": (Kind.SEMANTIC, 400, 60),
    "plus is no blank": (Kind.SEMANTIC, 400, 30),
    "two Hosts": (Kind.WIRE, 600, 70),
    "bare LF": (Kind.WIRE, 400, 60),
    "both framings": (Kind.WIRE, 600, 120),
    "second answer lost": (Kind.WIRE, 400, 100),
    "HEAD with content": (Kind.SEMANTIC, 200, 20),
    "404 for 405": (Kind.SEMANTIC, 200, 20),
    "slash at the end": (Kind.SEMANTIC, 200, 20),
    "range off by one": (Kind.SEMANTIC, 200, 40),
    "431 for 400": (Kind.WIRE, 600, 9100),
    "DELETE keeps": (Kind.STATEFUL, 600, 60),
}


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    servers: list[asyncio.Server] = []
    tasks: set[asyncio.Task[None]] = set()

    async def started(fault: str) -> Running:
        service = Service(fault)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            await service.serve(reader, writer)

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        return Running(fault or "right", url, Address.of(url), "/", None, True)

    yield started
    for server in servers:
        server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@lru_cache
def examples(kind: Kind, number: int) -> tuple[Example, ...]:
    wanted = Wanted(number, SEED, (kind,), KNOWN, unsafe=True)
    return tuple(example for batch in batches(wanted) for example in generate(wanted, *batch))


async def fuzzed(old: Running, new: Running, kind: Kind, number: int, patience: float = 0.1) -> Fuzzing:
    fuzzing = Fuzzing(Asking(Config(), old, new, Patience(patience)))
    await fuzzing.take(examples(kind, number))
    return fuzzing


async def fuzzed_until_found(old: Running, new: Running, kind: Kind, number: int) -> Fuzzing:
    fuzzing = Fuzzing(Asking(Config(), old, new, Patience(0.1)))
    for start in range(0, number, FEW):
        await fuzzing.take(examples(kind, number)[start : start + FEW])
        if fuzzing.findings.all:
            break
    return fuzzing


def test_every_fault_has_its_row() -> None:
    assert set(WHERE) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_seeded_fault_is_found_and_made_small(start: Start, fault: str) -> None:
    kind, number, largest = WHERE[fault]
    old, new = await start(""), await start(fault)
    fuzzing = await fuzzed_until_found(old, new, kind, number)
    assert fuzzing.findings.all, f"not found in {number} examples"
    smallest = min(fuzzing.findings.all, key=lambda finding: finding.seen.example.size)
    assert smallest.seen.example.size <= largest, smallest.seen.example
    await shows_again(smallest, old, new)


async def shows_again(finding: Finding, old: Running, new: Running) -> None:
    case = regression(finding, "FUZ-001", SEED)
    mine, theirs = [await run_case(case, side.name, side.address, run_token="r") for side in (old, new)]
    assert compare(mine, theirs, Config().rules), case


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_server_against_itself_shows_nothing(start: Start, kind: Kind) -> None:
    fuzzing = await fuzzed(await start(""), await start(""), kind, 500, patience=2.0)
    assert [finding.seen.differences for finding in fuzzing.findings.all] == []
    assert (fuzzing.unchanged, fuzzing.not_observed) == (500, 0)


async def test_a_target_that_goes_away_ends_the_run_and_is_no_difference(start: Start) -> None:
    old, gone = await start(""), replace(await start(""), name="new", address=Address.of("http://127.0.0.1:9"))
    fuzzing = Fuzzing(Asking(Config(), old, gone))
    await fuzzing.run(Wanted(20, SEED, (Kind.SEMANTIC,), KNOWN, unsafe=False), lambda _done, _differ: None)
    assert [text.split(":")[0] for text in fuzzing.gone] == ["new"]
    assert (fuzzing.done, fuzzing.findings.all) == (0, [])


async def test_the_speed_of_generating_and_of_comparing_is_told(start: Start) -> None:
    wanted = Wanted(30, SEED, (Kind.SEMANTIC,), KNOWN, unsafe=False)
    found = await speed(Asking(Config(), await start(""), await start("")), wanted)
    assert found.examples == 30
    assert found.generated > found.compared > 0


def test_what_was_still_coming_is_compared_as_far_as_both_had_sent_it() -> None:
    old, new = (transcript(body) for body in (b"abcdef", b"abc"))
    assert not compare(*levelled(old, new), ())
    assert compare(*levelled(old, transcript(b"abd")), ())


@pytest.mark.parametrize(("theirs", "same"), [("0" * 31 + "1", True), ("0" * 15, False), ("other", False)])
def test_a_token_in_a_surplus_may_be_another_but_must_be_one(theirs: str, same: bool) -> None:
    surplus = [f'{{"instance": "{token}"}}'.encode() for token in ("f" * 32, theirs)]
    old, new = (Transcript("X-1", "t", (Ended(0, "main", End.CLOSED, one),), 0.1) for one in surplus)
    assert (not compare(*levelled(old, new), ())) is same


def transcript(body: bytes) -> Transcript:
    answer = Answer("HTTP/1.1", 200, "OK", (), Framing.CHUNKED, body, complete=False)
    return Transcript("X-1", "t", (Answered(0, "main", b"", (), answer, "timed out"),), 0.1)


async def test_a_fault_of_our_own_costs_one_example_and_not_the_run(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_case

    async def failing(case: Case, *rest: Any, **named: Any) -> Transcript:
        if case.id == f"GEN-{examples(Kind.SEMANTIC, 9)[4].number}":
            raise ZeroDivisionError("ours")
        return await whole(case, *rest, **named)

    monkeypatch.setattr(asking, "run_case", failing)
    fuzzing = await fuzzed(await start(""), await start(""), Kind.SEMANTIC, 9)
    assert (fuzzing.unchanged, fuzzing.not_observed) == (8, 1)
