"""A client that stops reading: who is cut off or changed when another one comes is told, and by cause."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter

from samewire.cases import case, expect, get
from samewire.check import check
from samewire.relations.base import base_of
from samewire.relations.clients import client_cases
from samewire.result import Failure
from samewire.run import run_case
from samewire.tests.scripted import Script, Serve

HEAD = (
    b"HTTP/1.1 200 OK\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\n"
    b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)
FIRST, SECOND, LAST = b"9\r\ndata: 1\n\n\r\n", b"9\r\ndata: 2\n\n\r\n", b"0\r\n\r\n"
STREAM = case("SSE-01", "a stream", "why", get("/events"), expect(200))


def in_turn(rest_of_the_held: bytes | None) -> Script:
    """Answers each request at once but the second: its rest comes when the third is there, or, if None, a cut."""
    requests = 0
    third = asyncio.Event()

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        nonlocal requests
        while head := await reader.readuntil(b"\r\n\r\n"):
            number, requests = requests, requests + 1
            writer.write(HEAD + FIRST)
            if number == 1:
                await writer.drain()
                await third.wait()
            if number == 2:
                third.set()
            if number == 1 and rest_of_the_held is None:
                writer.transport.abort()
                return
            writer.write((rest_of_the_held or b"") if number == 1 else SECOND + LAST)
            if b"connection: close" in head.lower():
                return

    return script


async def stopped(serve: Serve, rest_of_the_held: bytes | None) -> tuple[Failure, ...]:
    """What is wrong with a server, seen by a client that stops reading."""
    plain = await serve(in_turn(SECOND + LAST))
    base = base_of(STREAM, await run_case(STREAM, "here", plain))
    assert base is not None
    (derived,) = client_cases(base, lambda kind: kind == "stops-reading")
    address = await serve(in_turn(rest_of_the_held))
    return check(derived, await run_case(derived, "here", address), address.authority)


async def test_who_gets_all_of_it_later_has_nothing_to_tell(serve: Serve) -> None:
    assert await stopped(serve, SECOND + LAST) == ()


async def test_who_is_cut_off_when_another_one_comes_tells_it(serve: Serve) -> None:
    assert "answer[2].complete" in {failure.place for failure in await stopped(serve, None)}


async def test_who_loses_what_was_made_meanwhile_tells_it(serve: Serve) -> None:
    assert "answer[2].body" in {failure.place for failure in await stopped(serve, LAST)}
