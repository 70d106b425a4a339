from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Any

import pytest

from samewire.exchange import End
from samewire.tests.scripted import (
    CHUNKED,
    CLOSE,
    GET,
    RECEIVE,
    Script,
    Serve,
    answered,
    answering,
    ended,
    observe,
    sized,
)


async def test_the_content_is_sent_after_the_interim_answer_was_seen(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        writer.write(sized(await reader.readexactly(4)))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sized(b""))

    request = {"method": "POST", "text": "body", "headers": {"Expect": "100-continue"}}
    seen = await observe(
        await serve(script),
        {"send": request, "part": "head"},
        {"awaits": "interim", "status": 100},
        {"send": request, "part": "body"},
        RECEIVE,
    )
    waited, whole = answered(seen), answered(seen, 1)
    assert (waited.awaited, waited.answer, waited.failure) == (1, None, "")
    assert [answer.status for answer in whole.interim] == [100]
    assert whole.answer is not None
    assert whole.answer.body == b"body"
    assert whole.sent.endswith(b"\r\n\r\nbody")
    assert ended(seen).end is End.REUSABLE


async def test_a_refusal_instead_of_an_interim_answer_is_missed_at_once_and_its_request_left_unfinished(
    serve: Serve,
) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\n")
        await reader.readexactly(2)
        writer.write(b"no")
        await reader.read()

    head = {"send": {"method": "POST", "text": "body"}, "part": "head"}
    more = {"send": {"bytes": "bo"}}
    seen = await observe(await serve(script), head, {"awaits": "interim"}, more, RECEIVE, timeout=60)
    waited = answered(seen)
    assert (waited.awaited, waited.failure) == (0, "missed")
    assert answered(seen, 1).failure == ""
    assert ended(seen).end is End.LEFT


async def test_once_the_client_has_left_nothing_more_is_read(serve: Serve) -> None:
    steps = [GET, {"awaits": "head"}, {"finish": "close"}, RECEIVE]
    seen = await observe(await serve(answering(sized(b"hello"))), *steps)
    assert (answered(seen, 1).answer, answered(seen, 1).failure) == (None, "closed")


def gated(*, streams: bool) -> Script:
    """`/gate` opens; anything else is answered by two events, of which the second waits for that."""
    opened = asyncio.Event()

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        if (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /gate"):
            opened.set()
            writer.write(sized(b"", CLOSE))
            return
        comment = b"6\r\n: hi\n\n\r\n"
        head, first, second = CHUNKED + comment, b"9\r\ndata: 1\n\n\r\n", b"9\r\ndata: 2\n\n\r\n0\r\n\r\n"
        writer.write(head + first if streams else head)
        await opened.wait()
        writer.write(second if streams else first + second)
        await answering(sized(b""))(reader, writer)

    return script


@pytest.mark.parametrize(("streams", "awaited", "failure"), [(True, 1, ""), (False, 0, "timed out")])
async def test_events_awaited_before_a_gate_opens_show_whether_a_server_streams_or_buffers(
    serve: Serve, streams: bool, awaited: int, failure: str
) -> None:
    steps: list[dict[str, Any]] = [
        GET,
        {"awaits": "events", "count": 1},
        {"send": {"target": "/gate"}, "on": "opener"},
        RECEIVE | {"on": "opener"},
        RECEIVE,
    ]
    seen = await observe(await serve(gated(streams=streams)), *steps, timeout=0.5)
    assert (answered(seen).awaited, answered(seen).failure) == (awaited, failure)
    whole = answered(seen, 2)
    assert whole.answer is not None
    assert (whole.answer.body, whole.failure) == (b": hi\n\ndata: 1\n\ndata: 2\n\n", "")
    assert (ended(seen).end, ended(seen, "opener").end) == (End.REUSABLE, End.CLOSED)


@pytest.mark.parametrize(("awaits", "count"), [("head", 1), ("bytes", 4), ("events", 1)])
async def test_what_is_awaited_and_came_with_the_whole_answer_does_not_swallow_it(
    serve: Serve, awaits: str, count: int
) -> None:
    seen = await observe(
        await serve(answering(sized(b"data: 1\n\n"), sized(b""))), GET, {"awaits": awaits, "count": count}, RECEIVE
    )
    assert (answered(seen).awaited, answered(seen).failure) == (count, "")
    whole = answered(seen, 1).answer
    assert whole is not None
    assert whole.body == b"data: 1\n\n"
