"""Interrupted at any time, what was compared until then is kept."""

from __future__ import annotations

import asyncio

import pytest

from samewire.cases import case, expect, get
from samewire.config import Config
from samewire.engine import Session, diff
from samewire.interrupt import Interrupted, keeping
from samewire.replay.tests.handled import running, text
from samewire.result import DiffResult, Verdict
from samewire.tests.scripted import Serve


async def test_cancelled_among_cases_it_gives_those_that_are_done(serve: Serve) -> None:
    held = asyncio.Event()

    async def holding(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/held " in head:
            held.set()
            await asyncio.Event().wait()
        writer.write(text("ok", "Connection: close"))
        writer.close()

    address = await serve(holding)
    cases = [
        case("A-1", "It is answered.", "w", get("/a"), expect(200), unsafe=True, timeout=60.0),
        case("A-2", "It is held.", "w", get("/held"), expect(200), unsafe=True, timeout=60.0),
    ]
    targets = running(address, disposable=True), running(address, "new", disposable=True)
    work = diff(Session(Config()), *targets, cases, lambda done: None)
    task = asyncio.ensure_future(work)
    await asyncio.wait_for(held.wait(), 20)
    task.cancel()
    with pytest.raises(Interrupted) as caught:
        await task
    found = caught.value.result
    assert ([pair.case for pair in found.pairs], found.interrupted) == (["A-1"], True)
    assert found.verdict is Verdict.INCONCLUSIVE


async def test_cancelled_later_it_gives_what_was_found_before() -> None:
    begun = asyncio.Event()

    async def later() -> None:
        with keeping(DiffResult("o", "n", (), unchanged=7), DiffResult("o", "m", ())):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(later())
    await begun.wait()
    task.cancel()
    with pytest.raises(Interrupted) as caught:
        await task
    assert (caught.value.result.unchanged, caught.value.result.interrupted) == (7, True)
    assert [one.new for one in caught.value.before] == ["m"]
