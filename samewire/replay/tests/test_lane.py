"""A lane sees what a case sees, and uses its connection again."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from dataclasses import replace

import pytest

from samewire.address import Address
from samewire.exchange import Answer, End
from samewire.replay.line import Line
from samewire.replay.seen import Seen
from samewire.tests.scripted import CHUNKED, CLOSE, GET, Serve, answered, answering, ended, observe, reset, sized

REQUEST = b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n"
LIMIT = 0.3
WHOLE = {
    "sized": sized(b"ok"),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    "empty": sized(b""),
    "chunked": CHUNKED + b"2;a=b\r\nok\r\n0\r\nX-T: 1\r\n\r\n",
    "interim": b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + sized(b"ok"),
    "bare LF": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "announced close": sized(b"ok", CLOSE),
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "until the end": b"HTTP/1.1 200 OK\r\n\r\nsome",
    "cut short": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
    "cut in the head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "no answer": b"SSH-2.0-x\r\n",
    "broken chunks": CHUNKED + b"zz\r\n",
    "nothing": b"",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
}


async def ask(line: Line, method: str = "GET", data: bytes = REQUEST) -> Seen:
    done: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()
    if not line.ready:
        await line.open()
    line.ask(data, method, done.set_result)
    watch = asyncio.create_task(expire(line))
    try:
        async with asyncio.timeout(20):
            return await done
    finally:
        watch.cancel()


async def expire(line: Line) -> None:
    while True:
        await asyncio.sleep(0.02)
        line.expire(asyncio.get_running_loop().time())


def timeless(answer: Answer | None) -> Answer | None:
    if answer is None:
        return None
    return replace(answer, head_at=0.0, chunks=tuple(replace(chunk, at=0.0) for chunk in answer.chunks))


async def same_as_a_case(address: Address) -> Seen:
    request = REQUEST % address.authority.encode()
    transcript = await observe(address, GET, {"receive": {"status": 200}}, timeout=LIMIT)
    line = Line(address, LIMIT)
    seen = await ask(line, data=request)
    line.close()
    expected = answered(transcript)
    assert timeless(seen.answer) == timeless(expected.answer)
    assert [timeless(one) for one in seen.interim] == [timeless(one) for one in expected.interim]
    assert (seen.failure, seen.sent) == (expected.failure, expected.sent)
    assert (seen.end, seen.surplus) == (ended(transcript).end, ended(transcript).surplus)
    return seen


GOES_ON = ("sized", "no content", "not modified", "empty", "chunked", "interim", "bare LF", "two lengths")
PLAIN = ("sized", "no content", "not modified", "empty")


@pytest.mark.parametrize("name", GOES_ON)
async def test_a_lane_sees_what_a_case_sees_when_the_connection_goes_on(name: str, serve: Serve) -> None:
    seen = await same_as_a_case(await serve(answering(*[WHOLE[name]] * 3, close=False)))
    assert seen.end is End.REUSABLE
    assert bool(seen.plain) is (name in PLAIN)


@pytest.mark.parametrize("close", [True, False], ids=["closes", "stays"])
@pytest.mark.parametrize("name", [name for name in WHOLE if name not in GOES_ON])
async def test_a_lane_sees_what_a_case_sees_when_the_connection_is_to_end(name: str, close: bool, serve: Serve) -> None:
    seen = await same_as_a_case(await serve(answering(WHOLE[name], close=close)))
    assert seen.end is (End.CLOSED if close else End.STUCK)


async def test_a_lane_sees_a_reset_as_a_case_does(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reset(reader, writer)

    seen = await same_as_a_case(await serve(script))
    assert (seen.failure, seen.end) == ("reset", End.RESET)


async def test_answers_in_any_pieces_are_the_same(serve: Serve) -> None:
    data = WHOLE["chunked"]

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            for byte in data:
                writer.write(bytes([byte]))
                await writer.drain()

    seen = await same_as_a_case(await serve(script))
    assert seen.answer is not None
    assert seen.answer.body == b"ok"


async def test_a_connection_is_used_again_until_the_server_ends_it(serve: Serve) -> None:
    connections = 0

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        nonlocal connections
        connections += 1
        for _ in range(3):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(WHOLE["sized"])

    line = Line(await serve(script), LIMIT)
    for _ in range(6):
        seen = await ask(line)
        while line.broken_off:
            seen = await ask(line)
        assert seen.answer is not None
    assert connections == 2
    line.close()


async def test_what_comes_after_an_answer_is_surplus_and_the_connection_is_left(serve: Serve) -> None:
    line = Line(await serve(answering(WHOLE["sized"] + b"more", close=False)), LIMIT)
    seen = await ask(line)
    assert seen.surplus == b"more"
    assert not line.ready
    line.close()


async def test_a_request_that_the_server_does_not_read_to_its_end_can_be_answered(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sized(b"too long", CLOSE))
        await writer.drain()
        await asyncio.Event().wait()

    body = b"x" * 20_000_000
    line = Line(await serve(script), LIMIT)
    seen = await ask(line, data=b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    assert seen.answer is not None
    assert (seen.answer.body, seen.end) == (b"too long", End.STUCK)
    line.close()


async def test_a_target_that_is_not_there_is_an_error_that_names_it() -> None:
    line = Line(Address("http", "127.0.0.1", 1), LIMIT)
    with pytest.raises(OSError, match=r"cannot connect to 127\.0\.0\.1:1: Connection refused"):
        await line.open()
