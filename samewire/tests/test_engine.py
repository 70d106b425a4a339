"""Cases are carried out several at once, and what changes state alone; of both targets in an order drawn by chance."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from samewire.address import Address
from samewire.cases import Case, case, expect, get, request
from samewire.config import Config
from samewire.engine import Done, Session, check_target, diff
from samewire.exchange import Transcript
from samewire.launch import Running
from samewire.result import Verdict
from samewire.run import run_case
from samewire.tests.scripted import Script, Serve

TODAY = date(2026, 1, 2)


class Counting:
    """A server that counts requests by target and sees how many were under way at once."""

    def __init__(self, held: int = 0) -> None:
        self.seen: list[str] = []
        self.under_way = 0
        self.most = 0
        self._held = asyncio.Event()
        self._hold = held

    async def script(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            target = head.split()[1].decode()
            self.seen.append(target)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            if self.under_way >= self._hold:
                self._held.set()
            if self._hold and target != "/":
                await self._held.wait()
            self.under_way -= 1
            writer.write(b"HTTP/1.1 200 OK\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\nContent-Length: 0\r\n\r\n")


def running(address: Address, name: str = "here", *, disposable: bool = True) -> Running:
    return Running(name, f"http://{address.authority}", address, "/", None, disposable)


def cases(count: int, *, unsafe: bool = False) -> list[Case]:
    return [case(f"A-{n}", "title", "why", get(f"/{n}"), expect(200), unsafe=unsafe) for n in range(count)]


def quiet(_: Done) -> None:
    pass


def asked(counting: Counting) -> list[str]:
    return [target for target in counting.seen if target != "/"]


async def test_a_case_is_asked_twice_on_each_target_to_be_compared_whatever_else_asks_for_it(serve: Serve) -> None:
    old, new = Counting(), Counting()
    servers = running(await serve(old.script), "old"), running(await serve(new.script), "new")
    session = Session(Config(), TODAY)
    await check_target(session, servers[0], cases(3), quiet)
    found = await diff(session, *servers, cases(3), quiet)
    await check_target(session, servers[1], cases(3), quiet)
    assert found.verdict is Verdict.SAME
    for counting in (old, new):
        assert sorted(asked(counting)) == ["/0", "/0", "/1", "/1", "/2", "/2"]


async def test_a_case_that_changes_state_is_asked_once_and_once_of_the_second_start(serve: Serve) -> None:
    seen = Counting(), Counting(), Counting()
    old, new, second = [running(await serve(one.script), name) for one, name in zip(seen, "abc", strict=True)]
    alone = await diff(Session(Config(), TODAY), old, new, cases(1, unsafe=True), quiet)
    beside = await diff(Session(Config(), TODAY, again=(old, second)), old, new, cases(1, unsafe=True), quiet)
    assert [asked(counting) for counting in seen] == [["/0", "/0"], ["/0", "/0"], ["/0"]]
    assert (alone.asked_once, beside.asked_once) == (("A-0",), ())


async def test_the_order_of_asking_follows_from_the_seed(serve: Serve) -> None:
    async def order(seed: int) -> list[str]:
        seen: list[str] = []

        def noting(name: str) -> Script:
            async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                    if head.split()[1] == b"/":
                        return
                    seen.append(name)

            return script

        servers = running(await serve(noting("old")), "old"), running(await serve(noting("new")), "new")
        found = await diff(Session(Config(), TODAY, seed=seed), *servers, cases(1), quiet)
        assert found.seed == seed
        return seen

    orders = [await order(seed) for seed in range(8)]
    assert all(sorted(one) == ["new", "new", "old", "old"] for one in orders)
    assert len({tuple(one) for one in orders}) > 1
    assert await order(3) == orders[3]


async def test_several_cases_are_under_way_at_once(serve: Serve) -> None:
    counting = Counting(held=4)
    server = running(await serve(counting.script))
    found = await check_target(Session(Config(), TODAY), server, cases(4), quiet)
    assert not found.failed
    assert counting.most >= 4


async def test_cases_that_change_state_come_last_in_their_order_and_alone(serve: Serve) -> None:
    counting = Counting()
    server = running(await serve(counting.script))
    writing = [
        case(f"B-{n}", "title", "why", request("POST", f"/write{n}"), expect(200), unsafe=True) for n in range(3)
    ]
    await check_target(Session(Config(), TODAY), server, [*writing, *cases(3)], quiet)
    assert [target for target in counting.seen if target != "/"][3:] == ["/write0", "/write1", "/write2"]


async def test_they_are_left_out_where_a_target_is_not_disposable(serve: Serve) -> None:
    server = running(await serve(Counting().script), disposable=False)
    found = await check_target(Session(Config(), TODAY), server, [*cases(1, unsafe=True)], quiet)
    assert (found.cases, found.skipped, found.exit_status) == ((), ("A-0",), 3)


async def test_progress_is_told_after_each_case(serve: Serve) -> None:
    told: list[Done] = []
    server = running(await serve(Counting().script))
    await check_target(Session(Config(), TODAY), server, cases(3), told.append)
    assert [(done.number, done.total, done.right) for done in told] == [(1, 3, True), (2, 3, True), (3, 3, True)]


async def test_the_results_stand_in_the_order_of_the_cases(serve: Serve) -> None:
    server = running(await serve(Counting().script))
    found = await check_target(Session(Config(), TODAY), server, cases(20), quiet)
    assert [checked.case for checked in found.cases] == [f"A-{n}" for n in range(20)]


async def test_a_server_that_is_gone_is_no_evidence(serve: Serve) -> None:
    here = running(await serve(Counting().script))
    gone = running(Address("http", "127.0.0.1", 1), "gone")
    found = await diff(Session(Config(), TODAY), here, gone, cases(2), quiet)
    assert found.comparisons == 0
    assert found.exit_status in (1, 3)


async def test_accepted_differences_that_do_not_occur_are_stale_only_in_a_full_run(serve: Serve) -> None:
    entry = {"place": "status", "reason": "meant", "owner": "me", "until": "2026-12-31"}
    config = Config.model_validate({"accepted": [entry]})
    server = running(await serve(Counting().script))
    again = running(server.address, "again")
    partial = await diff(Session(config, TODAY), server, again, cases(1), quiet)
    full = await diff(Session(config, TODAY), server, again, cases(1), quiet, full=True)
    assert (partial.stale, len(full.stale), full.exit_status) == ((), 1, 1)


async def test_a_fault_of_the_harness_costs_one_case_and_not_the_run(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def faulty(case: Case, *given: object, **more: object) -> Transcript:
        if case.id == "A-1":
            raise LookupError("lost")
        return await run_case(case, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("samewire.engine.run_case", faulty)
    server = running(await serve(Counting().script))
    found = await check_target(Session(Config(), TODAY), server, cases(3), quiet)
    assert [checked.case for checked in found.failed] == ["A-1"]
    assert "a fault of samewire itself: LookupError: lost at test_engine.py" in found.failed[0].run.transcript.error
    assert found.exit_status == 3
