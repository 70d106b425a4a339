from __future__ import annotations

from asyncio import StreamReader, StreamWriter
from typing import Any

import pytest

from samewire.compare import compare
from samewire.exchange import End, Ended, Kind, Message, Talked, Transcript
from samewire.result import Grade
from samewire.tests.scripted import Script, Serve, answering, ended, observe, reset, sized

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
    assert seen.observations[-1] == Ended(None, "main", End.CLOSED)


async def test_frames_go_to_the_letter_and_the_servers_faults_are_kept(serve: Serve) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(SWITCH)
        assert await reader.readexactly(3) == b"\x81\x01h"
        writer.write(b"\xc1\x81\x00\x00\x00\x00x")

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


CLOSE, CLOSE_1001 = b"\x88\x02\x03\xe8", b"\x88\x05\x03\xe9bye"


async def frame(reader: StreamReader) -> tuple[int, bytes]:
    """A short frame of the client: its opcode and payload."""
    first, size = await reader.readexactly(2)
    key = await reader.readexactly(4)
    return first & 0x0F, bytes(byte ^ key[at % 4] for at, byte in enumerate(await reader.readexactly(size & 0x7F)))


def upgraded(script: Script) -> Script:
    """The handshake, then the script."""

    async def whole(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(SWITCH)
        await script(reader, writer)

    return whole


async def pongs(reader: StreamReader, writer: StreamWriter) -> None:
    """Answers the ping, with another message before."""
    opcode, payload = await frame(reader)
    assert opcode == 9
    writer.write(b"\x81\x01x" + bytes((0x8A, len(payload))) + payload)
    await reader.read()


async def closes_by_itself(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(CLOSE_1001)
    while (await frame(reader))[0] != 8:
        pass


async def closes_at_once(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(CLOSE_1001)


async def drops(reader: StreamReader, writer: StreamWriter) -> None:
    pass


async def aborts(reader: StreamReader, writer: StreamWriter) -> None:
    await reset(reader, writer)


async def ignores(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.read()


async def shakes_hands(reader: StreamReader, writer: StreamWriter) -> None:
    assert (await frame(reader))[0] == 8
    writer.write(CLOSE)


async def keeps_open(reader: StreamReader, writer: StreamWriter) -> None:
    await shakes_hands(reader, writer)
    await reader.read()


async def drops_at_close(reader: StreamReader, writer: StreamWriter) -> None:
    assert (await frame(reader))[0] == 8


async def aborts_at_close(reader: StreamReader, writer: StreamWriter) -> None:
    await shakes_hands(reader, writer)
    await reset(reader, writer)


BYE: dict[str, Any] = {"talk": "close", "code": 1000}


@pytest.mark.parametrize(
    ("script", "steps", "end", "close"),
    [
        (pongs, (), End.LEFT, None),
        (closes_by_itself, (), End.CLOSED, 1001),
        (closes_at_once, (), End.CLOSED, 1001),
        (closes_by_itself, ({"hears": "close"},), End.CLOSED, None),
        (drops, (), End.DROPPED, None),
        (aborts, (), End.DROPPED, None),
        (ignores, (), End.STUCK, None),
        (shakes_hands, (BYE,), End.CLOSED, 1000),
        (shakes_hands, (BYE, {"hears": "close"}), End.CLOSED, None),
        (keeps_open, (BYE,), End.STUCK, 1000),
        (drops_at_close, (BYE,), End.DROPPED, None),
        (aborts_at_close, (BYE,), End.RESET, 1000),
        (ignores, ({"talk": "frame", "text": "\x81"},), End.LEFT, None),
        (ignores, ({"finish": "close"},), End.LEFT, None),
    ],
)
async def test_who_closes_a_websocket_is_observed(
    script: Script, steps: tuple[dict[str, Any], ...], end: End, close: int | None, serve: Serve
) -> None:
    limit = 0.5 if end is End.STUCK else 5
    for _ in range(3):
        found = ended(await observe(await serve(upgraded(script)), *OPEN, *steps, timeout=limit))
        assert (found.end, found.close and found.close.code) == (end, close)


async def test_another_way_to_close_a_websocket_is_a_breaking_difference(serve: Serve) -> None:
    first, *others = [await observe(await serve(upgraded(script)), *OPEN) for script in (pongs, drops, closes_at_once)]
    found = [(one.place, one.old, one.new, one.grade) for other in others for one in compare(first, other, ())]
    assert found == [
        ("connection", "left", "dropped", Grade.BREAKING),
        ("connection", "left", "closed", Grade.BREAKING),
        ("close", "(absent)", "1001 bye", Grade.BREAKING),
    ]


async def test_that_a_websocket_stays_open_can_be_expected(serve: Serve) -> None:
    seen = await observe(await serve(upgraded(pongs)), *OPEN, {"end": "left"})
    assert ended(seen) == Ended(2, "main", End.LEFT)
