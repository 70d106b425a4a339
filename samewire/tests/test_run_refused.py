"""A target that refuses connections for a moment is asked again; one that goes on refusing is told of as it is."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import date

import pytest

from samewire.address import Address
from samewire.cases import case, expect, get
from samewire.config import Config
from samewire.engine import Session, diff
from samewire.result import DiffResult, Verdict
from samewire.run import run_case
from samewire.tests.scripted import Serve, answering, sized
from samewire.tests.test_engine import quiet, running

CASE = case("R-1", "title", "why", get("/"), expect(200))


@pytest.fixture
def refusing() -> Iterator[Address]:
    """A port that is held but not listened on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield Address("http", "127.0.0.1", held.getsockname()[1])


async def compared(old: Address, new: Address) -> DiffResult:
    return await diff(Session(Config(), date(2026, 1, 2)), running(old, "old"), running(new, "new"), [CASE], quiet)


async def test_a_connection_that_is_refused_once_is_made_at_the_next_try() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = Address("http", "127.0.0.1", held.getsockname()[1])

        async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(sized(b"fine", b"Connection: close"))
            writer.close()

        asking = asyncio.create_task(run_case(CASE, "new", address))
        await asyncio.sleep(0.02)  # it has been refused by now; were it not, it would be answered all the same
        server = await asyncio.start_server(listens, sock=held)
        try:
            assert (await asking).error == ""
        finally:
            server.close()


async def test_what_only_one_side_refuses_again_and_again_is_a_difference(serve: Serve, refusing: Address) -> None:
    found = await compared(await serve(answering(sized(b"fine"))), refusing)
    ((one,),) = [pair.differences for pair in found.pairs]
    assert (one.place, "Connection refused" in one.new) == ("error", True)
    assert (found.verdict, found.exit_status) == (Verdict.DIFFERENT, 1)


async def test_what_both_refuse_is_not_observed(refusing: Address) -> None:
    found = await compared(refusing, refusing)
    assert (found.comparisons, found.verdict, found.exit_status) == (0, Verdict.INCONCLUSIVE, 3)
