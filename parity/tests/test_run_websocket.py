from __future__ import annotations

from asyncio import StreamReader, StreamWriter
from typing import Any

from parity.exchange import End, Ended, Kind, Message, Talked, Transcript
from parity.tests.scripted import Serve, answering, observe, sized

SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
OPEN: tuple[dict[str, Any], ...] = ({"send": {"target": "/ws"}}, {"receive": {"status": 101}})


def talked(transcript: Transcript) -> list[Talked]:
    return [one for one in transcript.observations if isinstance(one, Talked)]


async def test_messages_are_sent_masked_and_heard_one_step_at_a_time(serve: Serve) -> None:
    received: list[bytes] = []

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(SWITCH + b"\x81\x02hi")
        received.append(await reader.readexactly(11))
        writer.write(b"\x89\x01p\x82\x01\xff\x88\x02\x03\xe8")
        await reader.read()

    heard = [
        {"hears": "text"},
        {"talk": "text", "text": "Hello"},
        {"hears": "ping"},
        {"hears": "binary"},
        {"hears": "close"},
    ]
    seen = await observe(await serve(script), *OPEN, *heard)
    assert received == [bytes.fromhex("818537fa213d7f9f4d5158")]
    messages = [message for one in talked(seen) for message in one.messages]
    assert [(one.kind, one.data, one.code) for one in messages] == [
        (Kind.TEXT, b"hi", None),
        (Kind.PING, b"p", None),
        (Kind.BINARY, b"\xff", None),
        (Kind.CLOSE, b"", 1000),
    ]
    assert all(0 < one.at < seen.seconds for one in messages)
    assert [one.step for one in talked(seen)] == [2, 4, 5, 6]
    assert seen.observations[-1] == Ended(None, "main", End.LEFT)


async def test_frames_go_to_the_letter_and_the_servers_faults_are_kept(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(SWITCH)
        assert await reader.readexactly(3) == b"\x81\x01h"
        writer.write(b"\xc1\x81\x00\x00\x00\x00x")
        await reader.read()

    seen = await observe(await serve(script), *OPEN, {"talk": "frame", "text": "\x81\x01h"}, {"hears": "text"})
    (message,) = talked(seen)[0].messages
    assert message.data == b"x"
    assert len(message.faults) == 2


async def test_silence_is_a_failure_that_costs_one_limit(serve: Serve) -> None:
    seen = await observe(await serve(answering(SWITCH, close=False)), *OPEN, *[{"hears": "text"}] * 3, timeout=0.3)
    assert [(one.messages, one.failure) for one in talked(seen)] == [((), "timed out")] * 3
    assert seen.seconds < 0.6


async def test_without_an_upgrade_nothing_is_heard(serve: Serve) -> None:
    seen = await observe(await serve(answering(sized(b""), sized(b""))), *OPEN, {"hears": "text"})
    assert [one.failure for one in talked(seen)] == ["not upgraded"]


async def test_the_servers_closing_after_its_close_frame_can_be_expected(serve: Serve) -> None:
    script = answering(SWITCH + b"\x88\x02\x03\xe8")
    seen = await observe(await serve(script), *OPEN, {"hears": "close"}, {"hears": "text"}, {"end": "closed"})
    assert talked(seen)[0].messages == (Message(Kind.CLOSE, code=1000, at=talked(seen)[0].messages[0].at),)
    assert talked(seen)[1].failure == "closed"
    assert seen.observations[-1] == Ended(4, "main", End.CLOSED)
