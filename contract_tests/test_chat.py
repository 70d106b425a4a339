"""Several people in a room, clients that do not read, heartbeats, and the end."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from contract_tests.process import Process, Start
from contract_tests.wire import Line, connected

LIMIT = 20.0
HANDSHAKE = (
    "GET /probe/ws/echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
PING, PONG = b"\x89\x00", b"\x8a\x80\0\0\0\0"


@asynccontextmanager
async def entered(
    process: Process, name: str, room: str = "", compression: str | None = "deflate"
) -> AsyncIterator[ClientConnection]:
    """Somebody who is connected, and in the room if one is named."""
    async with httpx.AsyncClient() as client:
        login = await client.post(f"{process.url}/probe/login/{name}")
    bearer = {"Authorization": f"Bearer {login.json()['access_token']}"}
    url = f"ws://127.0.0.1:{process.port}/chat/ws"
    async with connect(
        url,
        additional_headers=bearer,
        subprotocols=["nlweb.chat.v1"],  # type: ignore[list-item]
        compression=compression,
        proxy=None,
    ) as socket:
        assert (await told(socket))["message_type"] == "connected"
        if room:
            await say(socket, "join", room=room)
            await told(socket, "participant_joined")
        yield socket


async def say(socket: ClientConnection, message_type: str, **said: Any) -> None:
    await socket.send(json.dumps({"message_type": message_type} | said))


async def told(socket: ClientConnection, until: str = "") -> dict[str, Any]:
    """The next message, or the next of a type."""
    async with asyncio.timeout(LIMIT):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if not until or message["message_type"] == until:
                return message


async def test_everybody_in_a_room_sees_the_same_in_the_same_order(start: Start) -> None:
    async with start() as process, AsyncExitStack() as stack:
        people = [await stack.enter_async_context(entered(process, name, "r")) for name in ("ann", "bob", "cleo")]
        stranger = await stack.enter_async_context(entered(process, "dan", "other"))
        for text in ("teapot", "redirect"):
            await say(people[0], "message", text=text)
        seen = [await _messages(socket) for socket in people]
        assert [one for one in seen[0] if one["message_type"] != "message_ack"] == seen[1] == seen[2]
        kinds = [one["message_type"] for one in seen[1]]
        assert kinds.count("complete") == kinds.count("message") == 2
        answers = [one["query_id"] for one in seen[1] if "query_id" in one]
        assert len(set(answers)) == 2
        assert answers == sorted(answers, key=answers.index), "the answers' messages are mixed"
        await say(stranger, "ping")
        assert (await told(stranger))["message_type"] == "pong"
        await people.pop().close()
        assert (await told(people[0], "participant_left"))["participant"]["name"] == "Cleo"


async def _messages(socket: ClientConnection) -> list[dict[str, Any]]:
    """All that is said until the second answer has ended, without who comes in."""
    found: list[dict[str, Any]] = []
    while [one["message_type"] for one in found].count("complete") < 2:
        message = await told(socket)
        if message["message_type"] != "participant_joined":
            found.append(message)
    return found


async def test_one_who_does_not_read_is_sent_away_and_holds_nobody_up(start: Start) -> None:
    async with start() as process, AsyncExitStack() as stack:
        # Without compression: it takes ten times as long to fill the sockets' buffers with it.
        slow = await stack.enter_async_context(entered(process, "ann", "r", compression=None))
        slow.transport.pause_reading()
        bob = await stack.enter_async_context(entered(process, "bob", "r"))
        gone = asyncio.create_task(told(bob, "participant_left"))
        while not gone.done():
            await say(bob, "message", text="python " * 250)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(gone), 0.01)
        assert gone.result()["participant"]["name"] == "Ann"
        slow.transport.resume_reading()
        with suppress(ConnectionClosed):
            async with asyncio.timeout(LIMIT):
                async for _ in slow:  # what was sent before
                    pass
        assert slow.close_code in (1006, 1013)


async def test_a_drain_closes_the_chat_with_1001(start: Start) -> None:
    async with start() as process, entered(process, "ann", "r") as ann:
        process.signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(ann.recv(), LIMIT)
        assert ann.close_code == 1001
        assert await process.exit_status(LIMIT) == 0


async def test_who_answers_pings_stays_and_who_does_not_is_cut_off(start: Start) -> None:
    async with start(NLWEB_SERVER__WEBSOCKET_PING="0.1") as process:
        async with connected(process.port) as line:
            await _opened(line)
            for _ in range(3):
                assert await asyncio.wait_for(line.reader.readexactly(2), LIMIT) == PING
                line.writer.write(PONG)
        async with connected(process.port) as line:
            await _opened(line)
            assert await line.rest(LIMIT) == PING


@pytest.mark.parametrize("compression", [None, "deflate"])
async def test_what_several_tasks_send_comes_in_whole_messages(start: Start, compression: str | None) -> None:
    async with (
        start() as process,
        connect(f"ws://127.0.0.1:{process.port}/probe/ws/tasks", compression=compression, proxy=None) as socket,
    ):
        await socket.send("go")
        async with asyncio.timeout(LIMIT):
            messages = [str(message) async for message in socket]
    assert all(message.lstrip("0123456789") in ("a" * 200_000, "b" * 200_000) for message in messages)
    for letter in "ab":
        of_one = [message for message in messages if message.endswith(letter)]
        assert [int(message.rstrip(letter)) for message in of_one] == list(range(20))


@pytest.mark.parametrize("most", [1, 1000, 6 << 20])
async def test_the_longest_message_is_a_setting(start: Start, most: int) -> None:
    async with start(NLWEB_SERVER__WEBSOCKET_MAX_MESSAGE=str(most)) as process:
        url = f"ws://127.0.0.1:{process.port}/probe/ws/echo"
        for compression in (None, "deflate"):
            for message in ("x" * most, b"x" * most):
                async with (
                    asyncio.timeout(LIMIT),
                    connect(url, compression=compression, max_size=None, proxy=None) as socket,
                ):
                    await socket.send(message)
                    assert await socket.recv() == message
                    # In two frames: what counts is the message.
                    await socket.send([message, message[:1]])
                    with pytest.raises(ConnectionClosed):
                        await socket.recv()
                    assert socket.close_code == 1009
        if most == 1:
            async with entered(process, "ann") as chat:
                with suppress(ConnectionClosed):
                    await say(chat, "ping")
                    await told(chat)
                assert chat.close_code == 1009, "the chat's own limit is 16 KiB, and no more than the setting's"


@pytest.mark.parametrize("most", ["0", "-1", str((1 << 30) + 1), "a"])
async def test_a_limit_of_messages_that_is_none_is_no_configuration(start: Start, most: str) -> None:
    with pytest.raises(AssertionError, match=r"server\.websocket_max_message"):
        async with start(NLWEB_SERVER__WEBSOCKET_MAX_MESSAGE=most):
            pass


async def _opened(line: Line) -> None:
    await line.send(HANDSHAKE)
    assert (await line.answer()).startswith("HTTP/1.1 101 ")
