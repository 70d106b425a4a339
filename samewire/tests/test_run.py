from __future__ import annotations

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from typing import Any

import pytest

from samewire.address import Address
from samewire.exchange import End, Ended, Framing
from samewire.tests.scripted import CHUNKED, CLOSE, GET, RECEIVE, Serve, answered, answering, ended, observe, sized


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
