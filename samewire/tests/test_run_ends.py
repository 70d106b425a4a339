from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter

import pytest

from samewire.exchange import End, Ended
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
    reset,
    sized,
)


@pytest.mark.parametrize(
    ("start", "failure", "end"),
    [(b"Content-Length: 9\r\n\r\nabc", "reset", End.RESET), (b"\r\nabc", "reset", End.RESET)],
)
async def test_rst_within_the_content_leaves_the_answer_incomplete(
    serve: Serve, start: bytes, failure: str, end: End
) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + start)
        await reader.read(1)
        await reset(reader, writer)

    request = {"send": {"target": "/"}}
    more = {"send": {"bytes": "x"}}
    seen = await observe(await serve(script), request, {"awaits": "bytes", "count": 3}, more, RECEIVE)
    one = answered(seen, 1)
    assert one.answer is not None
    assert (one.failure, one.answer.body, one.answer.complete) == (failure, b"abc", False)
    assert ended(seen).end is end


async def test_fin_within_a_chunk_leaves_the_answer_incomplete(serve: Serve) -> None:
    seen = await observe(await serve(answering(CHUNKED + b"9\r\nabc")), GET, RECEIVE)
    one = answered(seen)
    assert one.answer is not None
    assert (one.failure, one.answer.body, one.answer.complete) == ("closed", b"abc", False)
    assert ended(seen).end is End.CLOSED


async def test_a_head_cut_off_is_no_answer_and_stands_as_surplus(serve: Serve) -> None:
    seen = await observe(await serve(answering(b"HTTP/1.1 200 OK\r\nA")), GET, RECEIVE)
    assert answered(seen).answer is None
    assert answered(seen).failure == "closed"
    assert ended(seen) == Ended(None, "main", End.CLOSED, b"HTTP/1.1 200 OK\r\nA")


async def test_after_a_half_close_the_answer_is_still_read_and_the_server_closes(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(sized(b"%d" % len(await reader.read())))

    seen = await observe(await serve(script), GET, {"finish": "half"}, RECEIVE)
    assert answered(seen).failure == ""
    assert ended(seen).end is End.CLOSED


@pytest.mark.parametrize(("how", "noticed"), [("close", b"FIN"), ("reset", b"RST")])
async def test_the_server_notices_how_the_client_leaves(serve: Serve, how: str, noticed: bytes) -> None:
    left: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            left.set_result(b"FIN" if await reader.read() == b"" else b"?")
        except ConnectionResetError:
            left.set_result(b"RST")

    seen = await observe(await serve(script), GET, {"finish": how}, RECEIVE)
    assert await asyncio.wait_for(left, 5) == noticed
    assert answered(seen).failure == "closed"
    assert ended(seen).end is End.LEFT


async def test_an_answer_sent_before_a_reset_of_the_upload_is_still_read(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
        await reset(reader, writer)

    seen = await observe(await serve(script), {"send": {"method": "POST", "text": "x" * 50_000_000}}, RECEIVE)
    answer = answered(seen).answer
    assert answer is not None
    assert (answer.status, answer.body) == (413, b"no")
    assert ended(seen).end is End.RESET


@pytest.mark.parametrize(
    ("answer", "surplus"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\nabc", b"abc"),
        (sized(b"") + sized(b"second"), sized(b"second")),
        (sized(b"", CLOSE) + b"tail", b"tail"),
    ],
)
async def test_what_follows_the_last_answer_is_surplus(serve: Serve, answer: bytes, surplus: bytes) -> None:
    closes = CLOSE in answer
    script = answering(answer) if closes else answering(answer, sized(b""))
    seen = await observe(await serve(script), GET, RECEIVE)
    assert ended(seen) == Ended(None, "main", End.CLOSED if closes else End.REUSABLE, surplus)


async def test_an_answer_to_a_request_never_sent_shows_before_the_follow_ups_however_late_that_is(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await answering(sized(b"one"), sized(b"smuggled"))(reader, writer)
        await asyncio.sleep(0.05)  # a slow server: the follow-up's own answer comes when the other was read
        writer.write(sized(b"probe", CLOSE))

    seen = await observe(await serve(script), GET, RECEIVE)
    assert ended(seen) == Ended(None, "main", End.REUSABLE, sized(b"probe", CLOSE))


@pytest.mark.parametrize(
    ("answers", "close", "end"),
    [
        ([sized(b"", CLOSE)], True, End.CLOSED),
        ([sized(b"", CLOSE)], False, End.STUCK),
        ([sized(b"", CLOSE), sized(b"")], False, End.STUCK),
        ([sized(b"")], True, End.CLOSED),
        ([sized(b"")], False, End.STUCK),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", sized(b"")], False, End.STUCK),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"], True, End.CLOSED),
        ([b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", sized(b"")], True, End.REUSABLE),
    ],
)
async def test_how_the_server_ends_a_connection_is_observed(
    serve: Serve, answers: list[bytes], close: bool, end: End
) -> None:
    seen = await observe(await serve(answering(*answers, close=close)), GET, RECEIVE, timeout=0.3)
    assert ended(seen).end is end


async def test_a_reset_that_a_follow_up_may_have_provoked_counts_as_closed(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await answering(sized(b""))(reader, writer)
        await reader.readuntil(b"\r\n\r\n")
        await reset(reader, writer)

    assert ended(await observe(await serve(script), GET, RECEIVE)) == Ended(None, "main", End.CLOSED)


@pytest.mark.parametrize(
    ("script", "expected", "end"),
    [
        (answering(sized(b"")), "closed", End.CLOSED),
        (answering(sized(b""), close=False), "closed", End.STUCK),
        (answering(sized(b""), sized(b"")), "reusable", End.REUSABLE),
        (answering(sized(b"")), "reusable", End.CLOSED),
    ],
)
async def test_an_end_the_case_expects_is_observed_at_that_step(
    serve: Serve, script: Script, expected: str, end: End
) -> None:
    seen = await observe(await serve(script), GET, RECEIVE, {"end": expected}, timeout=0.3)
    assert ended(seen) == Ended(2, "main", end)
