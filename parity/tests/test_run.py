from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from typing import Any

import pytest

from parity.address import Address
from parity.cases.model import Case
from parity.exchange import Answered, End, Ended, Framing, Transcript
from parity.run import run_case
from parity.tests.scripted import Script, Serve, answering, sized

GET: dict[str, Any] = {"send": {"target": "/"}}
RECEIVE: dict[str, Any] = {"receive": {"status": 200}}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CLOSE = b"Connection: close"


async def observe(address: Address, *steps: dict[str, Any], timeout: float = 5.0, probe: str = "/") -> Transcript:
    case = Case.model_validate({"id": "X-1", "title": "t", "why": "w", "steps": steps, "timeout": timeout})
    return await run_case(case, "target", address, probe=probe, run_token="r1")


def answered(transcript: Transcript, at: int = 0) -> Answered:
    seen = [one for one in transcript.observations if isinstance(one, Answered)]
    return seen[at]


def ended(transcript: Transcript, connection: str = "main") -> Ended:
    (seen,) = (one for one in transcript.observations if isinstance(one, Ended) and one.connection == connection)
    return seen


async def reset(_reader: StreamReader, writer: StreamWriter) -> None:
    await writer.drain()
    kernel = writer.get_extra_info("socket")
    kernel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def test_a_sized_answer_is_observed_and_a_follow_up_shows_that_the_connection_goes_on(serve: Serve) -> None:
    asked: list[bytes] = []

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        for answer in (sized(b"hello", b"X-a: 1"), sized(b"", CLOSE)):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)

    address = (await serve(script))._replace(base_path="/base")
    seen = await observe(address, GET, RECEIVE, probe="/health")
    host = address.authority.encode()
    assert asked[0] == b"GET /base/ HTTP/1.1\r\nHost: %b\r\n\r\n" % host
    assert asked[1] == b"GET /base/health HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n" % host
    one = answered(seen)
    assert one.sent == asked[0]
    assert one.answer is not None
    assert (one.answer.status, one.answer.body, one.answer.framing) == (200, b"hello", Framing.LENGTH)
    assert one.answer.fields == (("X-a", "1"), ("Content-Length", "5"))
    assert 0 < one.answer.head_at <= one.answer.chunks[0].at < seen.seconds
    assert (one.failure, one.awaited, one.step) == ("", None, 1)
    assert ended(seen) == Ended(None, "main", End.REUSABLE)
    assert (seen.case, seen.target, seen.error, seen.run, seen.authority) == (
        "X-1",
        "target",
        "",
        "r1",
        address.authority,
    )


async def test_chunks_with_extensions_and_trailers_are_observed(serve: Serve) -> None:
    address = await serve(answering(CHUNKED + b"3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nDigest: 1\r\n\r\n", sized(b"")))
    seen = await observe(address, GET, RECEIVE)
    answer = answered(seen).answer
    assert answer is not None
    assert [(chunk.data, chunk.extension) for chunk in answer.chunks] == [(b"abc", "x=y"), (b"de", ""), (b"", "")]
    assert (answer.body, answer.trailers, answer.framing) == (b"abcde", (("Digest", "1"),), Framing.CHUNKED)
    assert ended(seen).end is End.REUSABLE


async def test_content_delimited_by_fin_is_whole_and_the_connection_closed(serve: Serve) -> None:
    seen = await observe(await serve(answering(b"HTTP/1.1 200 OK\r\n\r\nabc")), GET, RECEIVE)
    answer = answered(seen).answer
    assert answer is not None
    assert (answer.body, answer.framing, answer.complete) == (b"abc", Framing.CLOSE, True)
    assert ended(seen) == Ended(None, "main", End.CLOSED)


async def test_interim_answers_stand_before_the_final_one(serve: Serve) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    seen = await observe(await serve(answering(early + sized(b""), sized(b""))), GET, RECEIVE)
    assert [answer.status for answer in answered(seen).interim] == [100, 103]


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


async def test_what_is_no_http_is_unreadable_and_stands_as_surplus(serve: Serve) -> None:
    seen = await observe(await serve(answering(b"<html>hello")), GET, RECEIVE)
    assert answered(seen).answer is None
    assert answered(seen).failure.startswith("unreadable: ")
    assert ended(seen) == Ended(None, "main", End.CLOSED, b"<html>hello")


async def test_a_server_that_never_answers_costs_one_limit_and_later_steps_fail_at_once(serve: Serve) -> None:
    steps = [GET, RECEIVE, GET, RECEIVE, RECEIVE]
    async with asyncio.timeout(2):
        seen = await observe(await serve(answering(b"", b"")), *steps, timeout=0.3)
    assert [answered(seen, at).failure for at in range(3)] == ["timed out"] * 3
    assert [answered(seen, at).answer for at in range(3)] == [None] * 3
    assert ended(seen).end is End.STUCK
    assert 0.3 <= seen.seconds < 0.6


async def test_a_target_that_refuses_is_the_transcripts_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        seen = await observe(Address("http", "127.0.0.1", unused.getsockname()[1]), GET, RECEIVE)
    assert seen.observations == ()
    assert "cannot connect to 127.0.0.1:" in seen.error
    assert "refused" in seen.error


async def test_a_case_that_cannot_be_written_is_the_transcripts_error(serve: Serve) -> None:
    seen = await observe(await serve(answering()), {"send": {"target": "/€"}}, RECEIVE)
    assert "latin-1" in seen.error


async def test_pipelined_requests_are_answered_in_order_and_head_has_no_content(serve: Serve) -> None:
    raw = "HEAD / HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /${run} HTTP/1.1\r\nHost: ${host}\r\n\r\n"

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        first = await reader.readuntil(b"\r\n\r\n")
        second = await reader.readuntil(b"\r\n\r\n")
        assert first.startswith(b"HEAD")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + sized(second.split()[1]))
        await answering(sized(b""))(reader, writer)

    address = await serve(script)
    for sends in ([{"send": {"bytes": raw}}], [{"send": {"method": "HEAD"}}, {"send": {"target": "/${run}"}}]):
        seen = await observe(address, *sends, RECEIVE, RECEIVE)
        first, second = answered(seen, 0).answer, answered(seen, 1).answer
        assert first is not None
        assert second is not None
        assert (first.framing, first.body, first.complete) == (Framing.NONE, b"", True)
        assert second.body == b"/r1"
        assert (answered(seen, 0).sent[:4], answered(seen, 1).sent) == (b"HEAD", b"")
        assert ended(seen).end is End.REUSABLE


async def test_a_raw_request_can_be_declared_one_to_head(serve: Serve) -> None:
    send = {"send": {"bytes": "??? / HTTP/1.1\r\n\r\n", "answers_head": True}}
    address = await serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", sized(b"")))
    assert answered(await observe(address, send, RECEIVE)).failure == ""


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


@pytest.mark.parametrize("delivery", ["byte by byte", (5, 9)])
async def test_a_request_cut_into_pieces_arrives_in_them(serve: Serve, delivery: Any) -> None:
    reads: list[bytes] = []

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        while not b"".join(reads).endswith(b"\r\n\r\n"):
            reads.append(await reader.read(65536))
        writer.write(sized(b"", CLOSE))

    seen = await observe(await serve(script), {**GET, "delivery": delivery}, RECEIVE)
    assert answered(seen).failure == ""
    assert b"".join(reads) == answered(seen).sent
    assert len(reads) >= 3


async def test_a_large_upload_that_is_echoed_while_it_is_sent_does_not_lock(serve: Serve) -> None:
    size = 8 * 1024 * 1024

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(size // 65536):
            writer.write(await reader.readexactly(65536))
            await writer.drain()
        await answering(sized(b""))(reader, writer)

    seen = await observe(await serve(script), {"send": {"method": "POST", "text": "x" * size}}, RECEIVE, timeout=30)
    answer = answered(seen).answer
    assert answer is not None
    assert answer.body == b"x" * size
    assert ended(seen).end is End.REUSABLE


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
