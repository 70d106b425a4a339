from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from wsproto.connection import Connection as Frames
from wsproto.connection import ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from legacy.tests.client import LIMIT, Wire, request, until
from legacy.tests.conftest import Serve, Served
from shared_handlers.handshake import websocket_upgrade
from shared_handlers.message import Request, Upgrade, WebSocket, WebSocketClosed

KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
FIELDS = ("Upgrade: websocket", "Connection: Upgrade", KEY, "Sec-WebSocket-Version: 13")


class Client:
    """The client's end of an open WebSocket."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.frames = Frames(ConnectionType.CLIENT)

    async def send(self, *events: Event) -> None:
        for event in events:
            await self.wire.send(self.frames.send(event))

    async def receive(self) -> Event | None:
        """The next event; None when the server has ended the connection."""
        async with asyncio.timeout(LIMIT):
            while (event := next(self.frames.events(), None)) is None:
                data = await self.wire.reader.read(65_536)
                if not data:
                    return None
                self.frames.receive_data(data)
            return event


@asynccontextmanager
async def opened(served: Served, target: str = "/probe/ws/echo", *fields: str) -> AsyncIterator[Client]:
    async with served.connect() as wire:
        await wire.send(request(target, *FIELDS, *fields))
        first, headers = await wire.head()
        assert first == "HTTP/1.1 101 Switching Protocols"
        assert headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        yield Client(wire)


async def test_messages_come_back_as_what_they_were(served: Served) -> None:
    async with opened(served) as client:
        for data in ("hé", b"\x00\xff", "", b"x" * 70_000):
            event = TextMessage(data=data) if isinstance(data, str) else BytesMessage(data=data)
            await client.send(event)
            content = type(data)()
            while isinstance(part := await client.receive(), TextMessage | BytesMessage):
                content += part.data if isinstance(part, TextMessage) else bytes(part.data)  # type: ignore[operator]
                if part.message_finished:
                    break
            assert content == data


async def test_a_ping_between_the_pieces_of_a_message_is_answered_first(served: Served) -> None:
    async with opened(served) as client:
        await client.send(TextMessage(data="a", message_finished=False), Ping(payload=b"p"), TextMessage(data="b"))
        pong, message = await client.receive(), await client.receive()
        assert isinstance(pong, Pong)
        assert pong.payload == b"p"
        assert isinstance(message, TextMessage)
        assert message.data == "ab"


async def test_a_frame_sent_with_the_handshake_is_not_lost(served: Served) -> None:
    async with served.connect() as wire:
        client = Client(wire)
        await wire.send(request("/probe/ws/echo", *FIELDS) + client.frames.send(TextMessage(data="early")))
        await wire.head()
        event = await client.receive()
        assert isinstance(event, TextMessage)
        assert event.data == "early"


async def test_a_close_is_answered_with_its_code_and_ends_the_connection(served: Served) -> None:
    async with opened(served) as client:
        await client.send(CloseConnection(code=3000, reason="bye"))
        event = await client.receive()
        assert isinstance(event, CloseConnection)
        assert (event.code, await client.wire.rest()) == (3000, b"")
    (record,) = await served.records(1)
    assert record["status"] == 101
    assert served.site.host.streams == 0


@pytest.mark.parametrize(("target", "code"), [("/probe/ws/close", 4000), ("/probe/ws/raise", 1011)])
async def test_the_server_says_how_it_ended(served: Served, target: str, code: int) -> None:
    async with opened(served, target) as client:
        await client.send(TextMessage(data="go"))
        event = await client.receive()
        assert isinstance(event, CloseConnection)
        assert event.code == code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x81\x01a", 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),
        (b"\xc1\x80\x00\x00\x00\x00", 1002),
        (b"\x80\x80\x00\x00\x00\x00", 1002),
        (b"\x09\x80\x00\x00\x00\x00", 1002),
        (b"\x81\x81\x00\x00\x00\x00\xff", 1007),
        (b"\x88\x81\x00\x00\x00\x00\x03", 1002),
    ],
    ids=["unmasked", "reserved opcode", "reserved bit", "continuation", "fragmented ping", "not UTF-8", "short close"],
)
async def test_a_broken_frame_ends_the_connection_with_the_code_for_it(served: Served, frame: bytes, code: int) -> None:
    async with opened(served) as client:
        await client.wire.send(frame)
        event = await client.receive()
        assert isinstance(event, CloseConnection)
        assert (event.code, await client.wire.rest()) == (code, b"")


async def test_a_message_longer_than_allowed_is_1009(served: Served) -> None:
    async with opened(served) as client:
        piece = BytesMessage(data=b"x" * (1 << 19), message_finished=False)
        await client.send(piece, piece, BytesMessage(data=b"x"))
        event = await client.receive()
        assert isinstance(event, CloseConnection)
        assert (event.code, await client.wire.rest()) == (1009, b"")


async def test_the_subprotocol_is_the_servers_choice(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/ws/echo", *FIELDS, "Sec-WebSocket-Protocol: echo.v1, echo.v2"))
        _, headers = await wire.head()
        assert headers["Sec-WebSocket-Protocol"] == "echo.v2"


async def test_a_request_without_upgrade_is_told_what_to_do(served: Served) -> None:
    async with served.connect() as wire:
        answer = await wire.get("/probe/ws/echo")
        assert (answer.status, answer.headers["Upgrade"], answer.headers["Connection"]) == (426, "websocket", "upgrade")
        assert (await wire.get("/health")).status == 200


async def test_the_handler_learns_that_the_client_left(serve: Serve) -> None:
    codes: list[int] = []

    async def handler(socket: WebSocket) -> None:
        try:
            await socket.receive()
        except WebSocketClosed as closed:
            codes.append(closed.code)
            raise

    async def own(request: Request) -> Upgrade:
        return websocket_upgrade(request, handler, max_message=1 << 20)

    async with serve(own) as served, opened(served, "/own") as client:
        client.wire.reset()
        await until(lambda: codes == [1006])


async def test_a_handler_that_waits_for_something_else_is_cancelled_when_the_client_leaves(serve: Serve) -> None:
    cancelled: list[bool] = []

    async def handler(socket: WebSocket) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def own(request: Request) -> Upgrade:
        return websocket_upgrade(request, handler, max_message=1 << 20)

    async with serve(own) as served, opened(served, "/own") as client:
        client.wire.reset()
        await until(lambda: cancelled == [True])


async def test_a_drain_closes_with_1001(served: Served) -> None:
    async with opened(served) as client:
        draining = asyncio.create_task(served.engine.drain())
        event = await client.receive()
        assert isinstance(event, CloseConnection)
        assert event.code == 1001
        await client.send(event.response())
        assert await client.wire.rest() == b""
        client.wire.writer.close()
        await draining
