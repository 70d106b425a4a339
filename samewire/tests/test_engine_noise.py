"""Over real connections: what a server varies by itself is no difference, and a fault in each such place is one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import date

import pytest

from samewire.cases import Case, case, expect, get
from samewire.config import Config
from samewire.engine import Session, diff
from samewire.result import DiffResult, Verdict
from samewire.tests.scripted import CLOSE, Script, Serve, sized
from samewire.tests.test_engine import quiet, running
from samewire.tests.varying_server import FAULTS, Varying

TODAY = date(2026, 1, 2)
DATE = b"Date: Fri, 02 Jan 2026 03:04:05 GMT"


async def compared(serve: Serve, old: Script, new: Script, count: int = 1) -> DiffResult:
    servers = running(await serve(old), "old"), running(await serve(new), "new")
    return await diff(Session(Config(), TODAY, seed=1), *servers, cases(count), quiet)


def cases(count: int) -> list[Case]:
    return [case(f"N-{number}", "title", "why", get(f"/{number}"), expect(200)) for number in range(count)]


def places(found: DiffResult) -> set[str]:
    return {difference.place for pair in found.pairs for difference in pair.differences}


async def test_a_server_that_varies_in_every_way_is_the_same_as_another_start_of_it(serve: Serve) -> None:
    found = await compared(serve, Varying(seed=1).script, Varying(seed=2).script, count=3)
    assert (places(found), found.verdict, found.exit_status) == (set(), Verdict.SAME, 0)
    kinds = {kind for place in found.noise for kind in place.kind.split("+")}
    assert {"clock", "uuid", "token", "counter", "uptime", "jitter", "permuted", "echo"} >= kinds
    assert {"uuid", "token", "counter", "permuted", "echo"} <= kinds


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_in_a_varying_place_is_found_there(fault: str, serve: Serve) -> None:
    found = await compared(serve, Varying(seed=1).script, Varying(fault, seed=2).script)
    assert any(place.startswith(FAULTS[fault]) for place in places(found)), (places(found), found.noise)
    assert found.exit_status == 1


def said(slip: bool) -> bytes:
    return sized(b"oops" if slip else b"fine", DATE)


def answering_by_turns(answer: Callable[[int], bytes]) -> Script:
    """The first answer, the second, and so on, whatever the connection; what probes a connection does not count."""
    turn = iter(range(1000))

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if b"Connection: close" in head:
                writer.write(sized(b"", CLOSE))
                return
            writer.write(answer(next(turn)))

    return script


async def test_a_slip_that_does_not_come_again_is_told_and_does_not_fail_the_run(serve: Serve) -> None:
    slips = answering_by_turns(lambda turn: said(turn == 1))
    found = await compared(serve, answering_by_turns(lambda _: said(False)), slips)
    assert (places(found), found.exit_status) == (set(), 0)
    assert {place.kind for place in found.noise} == {"flaky on new"}


async def test_a_slip_that_comes_again_fails_it(serve: Serve) -> None:
    slips = answering_by_turns(lambda turn: said(turn % 3 == 1))
    found = await compared(serve, answering_by_turns(lambda _: said(False)), slips)
    assert "body" in places(found)
    assert found.exit_status == 1


async def test_a_slip_of_the_old_server_is_flaky(serve: Serve) -> None:
    slips = answering_by_turns(lambda turn: said(turn == 1))
    found = await compared(serve, slips, answering_by_turns(lambda _: said(False)))
    assert (places(found), found.exit_status) == (set(), 0)
    assert {place.kind for place in found.noise} <= {"flaky", "unclassified"}
    assert found.noise


async def test_a_grade_of_the_configuration_is_told_and_excuses_nothing(serve: Serve) -> None:
    right, wrong = answering_by_turns(lambda _: said(False)), answering_by_turns(lambda _: said(True))
    config = Config.model_validate({"grades": [{"place": "body", "grade": "cosmetic"}]})
    servers = running(await serve(right), "old"), running(await serve(wrong), "new")
    found = await diff(Session(config, TODAY, seed=1), *servers, cases(1), quiet)
    assert [(one.place, one.grade) for pair in found.pairs for one in pair.differences] == [("body", "cosmetic")]
    assert found.exit_status == 1


def up_since(start: float) -> Script:
    def answer(_: int) -> bytes:
        return sized(b'{"uptime": %.3f}' % (time.monotonic() - start), b"Content-Type: application/json", DATE)

    return answering_by_turns(answer)


async def test_servers_that_are_up_for_about_as_long_are_asked_until_growth_is_told_from_jitter(serve: Serve) -> None:
    start = time.monotonic() - 3
    found = await compared(serve, up_since(start), up_since(start - 0.01))
    assert {place.kind for place in found.noise if "uptime" in place.place} == {"uptime"}
    assert (places(found), found.exit_status) == (set(), 0)
