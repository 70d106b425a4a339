"""Cases over HTTP/2, against a server on the library h2 that follows a script, and against hypercorn."""

from __future__ import annotations

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypercorn.asyncio import serve as hypercorn
from hypercorn.config import Config as HypercornConfig

from samewire.access import Access, Credential
from samewire.address import Address
from samewire.cases import case, expect, get, post, raw
from samewire.cases.reproducer import reproduce
from samewire.compare import compare
from samewire.config import Config
from samewire.engine import Session, check_target, diff
from samewire.exchange import End, Ended, Framing, Transcript
from samewire.launch import Running, launched
from samewire.report.found import Found
from samewire.report.html import page
from samewire.report.json_file import found_json
from samewire.report.junit import found_xml
from samewire.report.words import left_out
from samewire.targets import resolve
from samewire.tests.certificates import NEEDS_OPENSSL
from samewire.tests.h2_server import Asked, Behaviour, speaking_h2
from samewire.tests.scripted import GET, RECEIVE, Serve, answered, ended, observe, sized

H2 = Access(http="2")
TWICE = (GET, RECEIVE, GET, RECEIVE)


async def over_h2(serve: Serve, behaviour: Behaviour, *steps: dict[str, Any], timeout: float = 5.0) -> Transcript:
    address = (await serve(speaking_h2(behaviour)))._replace(access=H2)
    return await observe(address, *steps, timeout=timeout)


async def echo(asked: Asked) -> None:
    """Answers with what was asked, when it was asked whole."""
    await asked.whole.wait()
    fields = "\n".join(f"{name}: {value}" for name, value in asked.headers.items())
    asked.head("200", ("date", "x"), ("a", "1"), ("b", "2"), ("a", "3"))
    await asked.data(fields.encode() + b"\n" + bytes(asked.body), end=True)


async def test_an_answer_is_observed_as_over_http_1_with_its_lines_in_order(serve: Serve) -> None:
    async def behaviour(asked: Asked) -> None:
        asked.head("103", ("link", "</a>"))
        asked.head("200", ("a", "1"), ("b", "2"), ("a", "3"))
        await asked.data(b"one")
        await asked.data(b"two")
        asked.h2.send_headers(asked.number, [("digest", "x")], end_stream=True)
        asked.flush()

    seen = await over_h2(serve, behaviour, GET, RECEIVE)
    (one,) = (answered(seen),)
    answer = one.answer
    assert answer is not None
    assert [(each.status, each.fields) for each in one.interim] == [(103, (("link", "</a>"),))]
    assert (answer.version, answer.status, answer.reason) == ("HTTP/2", 200, "")
    assert answer.fields == (("a", "1"), ("b", "2"), ("a", "3"))
    assert (answer.framing, answer.complete, answer.trailers) == (Framing.STREAM, True, (("digest", "x"),))
    assert [chunk.data for chunk in answer.chunks] == [b"one", b"two"]
    assert answer.faults == ()
    assert 0 < answer.head_at <= answer.chunks[0].at <= seen.seconds
    assert ended(seen) == Ended(None, "main", End.REUSABLE)


async def test_a_request_is_sent_whole_with_the_targets_fields_and_base_path(serve: Serve) -> None:
    access = Access(credentials=(Credential("Authorization", "Bearer s3cr3t", "T"),), host="it.example", http="2")
    address = (await serve(speaking_h2(echo)))._replace(access=access, base_path="/base")
    send = {"send": {"method": "POST", "target": "/x?y", "headers": {"X-A": "1"}, "text": "abc" * 50_000}}
    seen = await observe(address, send, RECEIVE)
    answer = answered(seen).answer
    assert answer is not None
    head, _, rest = answer.body.partition(b"\nabc")
    assert head.decode().split("\n") == [
        ":method: POST",
        ":scheme: http",
        ":authority: it.example",
        ":path: /base/x?y",
        "x-a: 1",
        "authorization: Bearer s3cr3t",
        "content-length: 150000",
    ]
    assert len(rest) == 150_000 - 3
    assert answered(seen).sent.startswith(
        b"POST /base/x?y HTTP/2\r\nhost: it.example\r\nx-a: 1\r\nauthorization: $T\r\n"
    )


async def test_a_head_and_its_content_can_be_sent_apart_and_requests_share_a_connection(serve: Serve) -> None:
    connections: list[object] = []

    async def behaviour(asked: Asked) -> None:
        connections.append(asked.writer)
        asked.head("100")
        await echo(asked)

    head, body = (
        {"send": {"method": "POST", "text": "late", "chunks": [2]}, "part": part} for part in ("head", "body")
    )
    seen = await over_h2(serve, behaviour, head, {"awaits": "interim"}, body, RECEIVE, GET, RECEIVE)
    assert answered(seen, 0).awaited == 1
    answers = [answered(seen, at).answer for at in (1, 2)]
    assert [one.body.endswith(end) for one, end in zip(answers, (b"late", b"/\n"), strict=True) if one] == [True, True]
    assert len(set(connections)) == 1


async def test_a_part_of_an_answer_can_be_awaited_while_it_is_under_way(serve: Serve) -> None:
    gate = asyncio.Event()

    async def behaviour(asked: Asked) -> None:
        if asked.headers[":path"] == "/open":
            gate.set()
        asked.head("200", ("content-type", "text/event-stream"))
        await asked.data(b"data: 1\n\n")
        await gate.wait()
        await asked.data(b"data: 2\n\n", end=True)

    release = {"send": {"target": "/open"}, "on": "gate"}
    awaits = {"awaits": "events", "count": 1}
    seen = await over_h2(serve, behaviour, GET, awaits, release, {**RECEIVE, "on": "gate"}, RECEIVE)
    assert (answered(seen, 0).awaited, answered(seen, 0).failure) == (1, "")
    assert answered(seen, 2).failure == ""


async def test_rst_stream_and_goaway_are_why_an_answer_is_missing(serve: Serve) -> None:
    async def resets(asked: Asked) -> None:
        asked.head("200")
        await asked.data(b"ab")
        asked.h2.reset_stream(asked.number, 2)
        asked.flush()

    async def goes(asked: Asked) -> None:
        asked.h2.close_connection(11, last_stream_id=0)
        asked.flush()
        asked.writer.close()

    seen = await over_h2(serve, resets, GET, RECEIVE)
    one = answered(seen)
    assert one.answer is not None
    assert (one.failure, one.answer.body, one.answer.complete) == ("stream reset: INTERNAL_ERROR", b"ab", False)
    assert ended(seen).end is End.REUSABLE
    seen = await over_h2(serve, goes, GET, RECEIVE)
    assert (answered(seen).failure, answered(seen).answer) == ("going away: ENHANCE_YOUR_CALM", None)
    assert ended(seen).end is End.CLOSED


async def test_an_answer_that_comes_after_goaway_is_still_read(serve: Serve) -> None:
    async def behaviour(asked: Asked) -> None:
        await asked.whole.wait()
        goaway = b"\x00\x00\x08\x07\x00\x00\x00\x00\x00" + asked.number.to_bytes(4, "big") + bytes(4)
        asked.writer.write(goaway)
        asked.head("200")
        await asked.data(b"still", end=True)
        asked.writer.close()

    seen = await over_h2(serve, behaviour, GET, RECEIVE)
    answer = answered(seen).answer
    assert answer is not None
    assert (answer.body, answered(seen).failure, ended(seen).end) == (b"still", "", End.CLOSED)


async def test_what_breaks_the_grammar_is_a_fault_and_what_is_no_frame_ends_the_reading(serve: Serve) -> None:
    async def faulty(asked: Asked) -> None:
        asked.h2.send_headers(
            asked.number, [(":status", "200"), ("Upper", "1"), ("connection", "close"), ("a", " b")], end_stream=True
        )
        asked.flush()

    async def junk(asked: Asked) -> None:
        asked.head("200")
        asked.writer.write(b"\x00\x00\x01\x00\x00\x00\x00\x00\x63x")

    answer = answered(await over_h2(serve, faulty, GET, RECEIVE)).answer
    assert answer is not None
    assert len(answer.faults) == 3
    one = answered(await over_h2(serve, junk, GET, RECEIVE))
    assert one.answer is not None
    assert one.failure.startswith("unreadable: ")


@pytest.mark.parametrize("fault", ["a head too long", "too many interim answers", "a wrong length", "a frame too long"])
async def test_what_goes_past_a_limit_or_contradicts_itself_is_unreadable_and_costs_no_time(
    fault: str, serve: Serve
) -> None:
    async def behaviour(asked: Asked) -> None:
        match fault:
            case "a head too long":
                asked.h2.max_outbound_frame_size = 16384
                asked.head("200", *((f"a{number}", "x" * 4000) for number in range(70)), end=True)
            case "too many interim answers":
                for _ in range(101):
                    asked.head("102")
            case "a wrong length":
                asked.head("200", ("content-length", "5"))
                await asked.data(b"abc", end=True)
            case "a frame too long":
                asked.writer.write(b"\xff\xff\xff\x00\x00\x00\x00\x00\x01")
        await asked.whole.wait()

    seen = await over_h2(serve, behaviour, GET, RECEIVE, timeout=30)
    assert answered(seen).failure.startswith("unreadable: ")
    assert seen.seconds < 30


async def test_silence_costs_one_limit_and_leaves_the_connection_stuck(serve: Serve) -> None:
    async def behaviour(asked: Asked) -> None:
        await asked.whole.wait()

    seen = await over_h2(serve, behaviour, *TWICE, timeout=0.3)
    assert [answered(seen, at).failure for at in (0, 1)] == ["timed out", "timed out"]
    assert ended(seen).end is End.STUCK
    assert seen.seconds < 2


async def test_a_server_that_speaks_only_http_1_cannot_be_connected_to(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    seen = await observe((await serve(script))._replace(access=H2), GET, RECEIVE)
    assert "the server does not speak HTTP/2" in seen.error


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([{"send": {"bytes": "GET / HTTP/1.1\r\n\r\n"}}], "bytes to the letter"),
        ([{"send": {}, "delivery": "byte by byte"}], "delivery in pieces"),
        ([{"send": {"version": "HTTP/1.0"}}], "HTTP/1.0"),
        ([{"send": {"headers": {"Connection": "close"}}}], "the field connection"),
        ([{"send": {"headers": {"Host": "x"}}}], "a Host field"),
        ([{"send": {"target": "http://x/"}}], "origin form"),
        ([GET, {"finish": "half"}], "one direction"),
        ([GET, {"hears": "text"}], "WebSocket"),
    ],
)
async def test_what_http_2_cannot_say_is_told_and_nothing_is_sent(steps: list[Any], why: str, serve: Serve) -> None:
    seen = await over_h2(serve, echo, *steps)
    assert seen.error.startswith("not possible over HTTP/2: ")
    assert why in seen.error
    assert seen.observations == ()


def running(address: Address, name: str) -> Running:
    return Running(name, address.url, address, "/", None, True)


async def answers_h1(reader: StreamReader, writer: StreamWriter) -> None:
    while b"close" not in (head := (await reader.readuntil(b"\r\n\r\n")).lower()):
        if b"content-length" in head:
            await reader.readexactly(1)
        writer.write(sized(b"hello", b"Date: Sun, 06 Nov 1994 08:49:37 GMT", b"Connection: keep-alive", b"X-A: 1"))
    writer.write(sized(b"", b"Connection: close"))


async def answers_h2(asked: Asked) -> None:
    await asked.whole.wait()
    asked.head("200", ("date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("x-a", "1"), ("content-length", "5"))
    await asked.data(b"hello", end=True)


async def test_what_the_version_makes_different_is_none_and_what_can_not_be_said_is_left_out(serve: Serve) -> None:
    cases = (
        case(
            "A-1", "t", "w", get("/"), expect(200, reason="OK", framing="length", headers={"Connection": "keep-alive"})
        ),
        case("A-2", "t", "w", post("/", text="x"), expect(200)),
        case("A-3", "t", "w", get("/", headers={"Connection": "close"}), expect(200)),
    )
    old = running(await serve(answers_h1), "old")
    new = running((await serve(speaking_h2(answers_h2)))._replace(access=H2), "new")
    session = Session(Config())
    found = await diff(session, old, new, cases, lambda _: None)
    assert [(pair.case, pair.differences, pair.old.failures, pair.new.failures) for pair in found.pairs] == [
        ("A-1", (), (), ()),
        ("A-2", (), (), ()),
    ]
    assert [tuple(one) for one in found.left_out] == [
        ("A-3", "not possible over HTTP/2: the field connection (RFC 9113 section 8.2.2)")
    ]
    assert (found.skipped, found.exit_status) == (("A-3",), 0)
    alone = await check_target(session, new, cases[2:], lambda _: None)
    assert (alone.exit_status, alone.skipped) == (3, ("A-3",))


async def test_between_two_versions_all_other_differences_are_found(serve: Serve) -> None:
    async def other(asked: Asked) -> None:
        asked.head("201", ("date", "Sun, 06 Nov 1994 08:49:38 GMT"), ("x-a", "2"), ("content-length", "5"))
        await asked.data(b"hellO", end=True)

    old = await observe(await serve(answers_h1), GET, RECEIVE)
    new = await over_h2(serve, other, GET, RECEIVE)
    assert {one.place for one in compare(old, new, ())} == {"status", "header.x-a", "header.date", "body"}
    same = await over_h2(serve, other, GET, RECEIVE)
    assert compare(new, same, ()) == ()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An ASGI application that echoes the content."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"x-version", scope["http_version"].encode())]}
    )
    await send({"type": "http.response.body", "body": body})


@NEEDS_OPENSSL
@pytest.mark.parametrize("tls", [True, False])
async def test_hypercorn_is_spoken_to_over_http_2(tls: bool, certificate: Path, tmp_path: Path) -> None:
    config = HypercornConfig()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config.bind = [f"127.0.0.1:{port}"]
    config.accesslog = config.errorlog = None
    if tls:
        config.certfile = config.keyfile = str(certificate)
    stop = asyncio.Event()
    server = asyncio.create_task(hypercorn(application, config, shutdown_trigger=stop.wait))  # type: ignore[arg-type]
    settings = {"url": f"http{'s' if tls else ''}://127.0.0.1:{port}", "http": "2"} | (
        {"ca_file": str(certificate)} if tls else {}
    )
    target = resolve("it", Config.model_validate({"folder": tmp_path, "targets": {"it": {**settings, "ready": "/"}}}))
    try:
        async with launched(target) as it:
            send = {"send": {"method": "POST", "text": "x" * 300_000}}
            seen = await observe(it.address, send, RECEIVE, GET, RECEIVE)
    finally:
        stop.set()
        await server
    assert seen.error == ""
    answers = [answered(seen, at).answer for at in (0, 1)]
    assert [(one.status, one.body, one.values("x-version")) for one in answers if one] == [
        (200, b"x" * 300_000, ("2",)),
        (200, b"", ("2",)),
    ]
    assert ended(seen).end is End.REUSABLE


async def test_a_reproducer_speaks_http_2_and_names_the_case_where_curl_cannot_say_it(serve: Serve) -> None:
    address = (await serve(speaking_h2(echo)))._replace(access=Access(target="new", http="2"))
    command = reproduce(case("A-1", "t", "w", post("/x", text="hello"), expect(200)), address)
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(10):
        said, _ = await process.communicate()
    assert said.startswith(b"HTTP/2 200")
    assert said.endswith(b"hello")
    twice = case("A-2", "t", "w", get("/"), get("/"), expect(200), expect(200))
    assert reproduce(twice, address) == "samewire check --target new --only A-2"


async def test_a_result_names_what_was_left_out_and_why_in_each_form(serve: Serve) -> None:
    cases = (
        case("A-1", "t", "w", get("/"), expect(200)),
        case("A-2", "t", "w", raw("GET / HTTP/1.1\r\n\r\n"), expect(200)),
    )
    target = running((await serve(speaking_h2(answers_h2)))._replace(access=H2), "new")
    found = Found.of(await diff(Session(Config()), target, target, cases, lambda _: None))
    said = "not possible over HTTP/2: bytes to the letter"
    assert found_json(found, date(2026, 1, 1))["left_out"] == [{"case": "A-2", "reason": said}]
    for text in (found_xml(found), page(found, datetime(2026, 1, 1)), *left_out(found.diffs[0])):
        assert said in text
