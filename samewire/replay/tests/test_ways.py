"""Targets that are not reached over plain TCP: Unix sockets, HTTP/2."""

from __future__ import annotations

import asyncio
from pathlib import Path

from samewire.access import Access
from samewire.address import Address
from samewire.replay.tests.handled import Asked, as_json, gets, handled, replayed
from samewire.result import Verdict
from samewire.tests import h2_server
from samewire.tests.scripted import Serve
from samewire.traffic import Record

H2 = Access(http="2")


def plain(asked: Asked) -> bytes:
    return as_json({"path": asked.target})


async def test_unix_sockets_are_replayed_on_kept_alive_connections(tmp_path: Path, serve: Serve) -> None:
    connections = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            await handled(plain)(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    path = str(tmp_path / "s")
    async with await asyncio.start_unix_server(count, path):
        address = Address("http", "localhost", 80, socket=path)
        found = await replayed(address, await serve(handled(plain)), gets(20), concurrency=2)
    assert (found.verdict, found.unchanged) == (Verdict.SAME, 20)
    assert connections == 2


async def test_over_http_2_records_are_sent_and_a_difference_is_found(serve: Serve) -> None:
    async def right(asked: h2_server.Asked) -> None:
        asked.head("200", ("content-type", "text/plain"))
        await asked.data(asked.headers[":path"].encode(), end=True)

    async def wrong(asked: h2_server.Asked) -> None:
        asked.head("200", ("content-type", "text/plain"))
        await asked.data(asked.headers[":path"].encode().replace(b"3", b"4"), end=True)

    old, same, new = [
        (await serve(h2_server.speaking_h2(behaviour)))._replace(access=H2) for behaviour in (right, right, wrong)
    ]
    assert (await replayed(old, same, gets(5))).verdict is Verdict.SAME
    found = await replayed(old, new, gets(5))
    assert [(pair.case, one.place) for pair in found.pairs for one in pair.differences] == [("traffic:3", "body")]


async def test_raw_bytes_can_not_be_said_over_http_2_and_are_skipped(serve: Serve) -> None:
    async def never(asked: h2_server.Asked) -> None:
        raise AssertionError("nothing is to be sent")

    old, new = [(await serve(h2_server.speaking_h2(never)))._replace(access=H2) for _ in range(2)]
    found = await replayed(old, new, [Record("raw:1", raw=b"GET / HTTP/1.1\r\n\r\n")])
    ((reason, number),) = found.accounts[0].skipped
    assert "HTTP/2" in reason
    assert (number, found.verdict) == (1, Verdict.INCONCLUSIVE)
