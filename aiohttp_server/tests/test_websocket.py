"""WebSockets, with wsproto as the client."""

from __future__ import annotations

import asyncio

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Message,
    Ping,
    Pong,
    Request,
    TextMessage,
)
from wsproto.frame_protocol import CloseReason

from aiohttp_server.tests.served import LIMIT, Served, Wire, until


class Client:
    """A WebSocket over a wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._events: list[Event] = []
        self._protocol = WSConnection(ConnectionType.CLIENT)

    async def open(self, target: str, *subprotocols: str) -> AcceptConnection:
        await self.send(Request("localhost", target, subprotocols=list(subprotocols)))
        accepted = await self.next()
        assert isinstance(accepted, AcceptConnection)
        return accepted

    async def send(self, event: Event) -> None:
        await self._wire.send(self._protocol.send(event))

    async def next(self) -> Event:
        async with asyncio.timeout(LIMIT):
            while not self._events:
                self._protocol.receive_data(await self._wire.reader.read(65_536) or None)
                self._events = list(self._protocol.events())
        return self._events.pop(0)


async def test_messages_come_back_with_their_kind(served: Served) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await client.open("/probe/ws/echo")
        await client.send(TextMessage("hé"))
        assert await client.next() == TextMessage("hé")
        await client.send(BytesMessage(b"\0\xff"))
        assert await client.next() == BytesMessage(bytearray(b"\0\xff"))
        assert served.hosted.runtime.host.streams == 1
    await until(lambda: served.hosted.runtime.host.streams == 0)


async def test_a_ping_is_answered_between_the_pieces_of_a_message(served: Served) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await client.open("/probe/ws/echo")
        await client.send(Message(data="one ", message_finished=False))
        await client.send(Ping(b"now"))
        assert await client.next() == Pong(b"now")
        await client.send(Message(data="two", message_finished=True))
        assert await client.next() == TextMessage("one two")


async def test_the_servers_order_chooses_the_subprotocol(served: Served) -> None:
    async with served.connect() as wire:
        accepted = await Client(wire).open("/probe/ws/echo", "echo.v1", "echo.v2")
        assert accepted.subprotocol == "echo.v2"


@pytest.mark.parametrize("code", [1000, 3999, CloseReason.NO_STATUS_RCVD])
async def test_a_close_is_answered_with_its_own_code(served: Served, code: int) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await client.open("/probe/ws/echo")
        await client.send(CloseConnection(code))
        answer = await client.next()
        assert isinstance(answer, CloseConnection)
        assert answer.code == code
        assert await wire.rest() == b""


@pytest.mark.parametrize(("target", "code"), [("/probe/ws/close", 4000), ("/probe/ws/raise", 1011)])
async def test_the_end_of_the_endpoint_closes(served: Served, target: str, code: int) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await client.open(target)
        await client.send(TextMessage("now"))
        answer = await client.next()
        assert isinstance(answer, CloseConnection)
        assert answer.code == code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param(b"\x81\x02hi", 1002, id="not masked"),
        pytest.param(b"\xc1\x82\0\0\0\0hi", 1002, id="reserved bit"),
        pytest.param(b"\x83\x82\0\0\0\0hi", 1002, id="reserved opcode"),
        pytest.param(b"\x09\x80\0\0\0\0", 1002, id="ping in pieces"),
        pytest.param(b"\x80\x80\0\0\0\0", 1002, id="continuation of nothing"),
        pytest.param(b"\x81\xfe\x00\x02\0\0\0\0hi", 1002, id="length not minimal"),
        pytest.param(b"\x88\x81\0\0\0\0x", 1002, id="close of one byte"),
        pytest.param(b"\x88\x82\0\0\0\0\x03\xed", 1002, id="close code 1005"),
        pytest.param(b"\x88\x82\0\0\0\0\x03\xee", 1002, id="close code 1006"),
        pytest.param(b"\x88\x82\0\0\0\0\x13\x88", 1002, id="close code 5000"),
        pytest.param(b"\x81\x82\0\0\0\0\xff\xfe", 1007, id="not UTF-8"),
        pytest.param(b"\x82\xff\x00\x00\x00\x00\x7f\xff\xff\xff\0\0\0\0", 1009, id="too long"),
    ],
)
async def test_a_bad_frame_closes_with_its_code(served: Served, frame: bytes, code: int) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await client.open("/probe/ws/echo")
        await wire.send(frame)
        answer = await client.next()
        assert isinstance(answer, CloseConnection)
        assert answer.code == code


async def test_a_client_that_still_sends_too_long_a_message_reads_why_it_ends(served: Served) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await client.open("/probe/ws/echo")
        await client.send(BytesMessage(bytes(3 << 20)))
        assert await wire.rest() == b"\x88\x02\x03\xf1"


async def test_a_message_may_be_as_long_as_the_limit(served: Served) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await client.open("/probe/ws/echo")
        await client.send(BytesMessage(bytes(1 << 20)))
        received = 0
        while received < 1 << 20:
            piece = await client.next()
            assert isinstance(piece, BytesMessage)
            received += len(piece.data)


async def test_a_drain_says_going_away(served: Served) -> None:
    async with served.connect() as wire, asyncio.TaskGroup() as group:
        client = Client(wire)
        await client.open("/probe/ws/echo")
        group.create_task(served.hosted.drain())
        close = await client.next()
        assert isinstance(close, CloseConnection)
        assert close.code == 1001
        await client.send(close.response())
        assert await wire.rest() == b""


async def test_the_handshake_carries_the_request_id_and_is_recorded(served: Served) -> None:
    async with served.connect() as wire:
        accepted = await Client(wire).open("/probe/ws/echo")
        assert dict(accepted.extra_headers)[b"server"] == b"nlweb"
    await until(lambda: len(served.records()) == 1)
    assert served.records()[0]["status"] == 101
