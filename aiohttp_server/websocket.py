"""aiohttp's WebSocket behind the one that endpoints know (RFC 6455)."""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress
from typing import Final, cast

from aiohttp import WSMessage, WSMsgType, web

from aiohttp_server.exchange import EXCHANGE
from aiohttp_server.frames import PROTOCOL_ERROR, Coded
from aiohttp_server.protocol import Connection
from shared_handlers.deflate import CORRUPT, Broken, inflate
from shared_handlers.errors import HTTPError
from shared_handlers.message import Upgrade, WebSocketClosed

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
NO_STATUS: Final = 1005
ABNORMAL: Final = 1006
FAILED: Final = 1011
_RSV1: Final = 0x40
_PATIENCE: Final = 2.0
"""Seconds to wait for the client's half of the closing handshake."""


async def talk(web_request: web.Request, upgrade: Upgrade) -> web.StreamResponse:
    """Answer 101 and run the endpoint's side of the conversation to its end."""
    if web_request.body_exists:
        raise HTTPError(400, "An upgrade can't come with content.")
    exchange = web_request[EXCHANGE]
    runtime = exchange.runtime
    response = web.WebSocketResponse(
        timeout=_PATIENCE,
        heartbeat=runtime.settings.server.websocket_ping,
        autoclose=False,
        compress=False,  # done here: aiohttp would not say 1007, and might send a message after a close frame
        protocols=() if upgrade.subprotocol is None else (upgrade.subprotocol,),
        max_msg_size=0,  # the connection's own reader of frames limits it
    )
    connection = cast(Connection, web_request.protocol)
    connection.upgrade = upgrade
    if upgrade.deflate is not None:
        response.headers["Sec-WebSocket-Extensions"] = upgrade.deflate.field
    await response.prepare(web_request)
    socket = _WebSocket(web_request, response, upgrade)
    connection.upgraded = True
    runtime.host.streams += 1
    runtime.leave.add(socket.leave)
    try:
        await _converse(web_request, upgrade, socket)
    finally:
        socket.over()
        runtime.leave.discard(socket.leave)
        runtime.host.streams -= 1
        exchange.record(response.status)
    await connection.linger()
    connection.force_close()
    return response


async def _converse(web_request: web.Request, upgrade: Upgrade, socket: _WebSocket) -> None:
    code = NORMAL
    try:
        await upgrade.handler(socket)
    except WebSocketClosed:
        return
    except Exception as error:
        exchange = web_request[EXCHANGE]
        exchange.runtime.pipeline.log.failure("WebSocket endpoint failed", error, request_id=exchange.request.id)
        code = FAILED
    await socket.finish(code)


class _WebSocket:
    """A message.WebSocket."""

    __slots__ = ("_failed", "_left", "_request", "_response", "_said", "_upgrade", "subprotocol")

    def __init__(self, web_request: web.Request, response: web.WebSocketResponse, upgrade: Upgrade) -> None:
        self._request = web_request
        self._response = response
        self._upgrade = upgrade
        self._failed: WebSocketClosed | None = None
        """What came can't be read any further."""
        self._said = False
        """A close frame has been sent."""
        self._left: asyncio.TimerHandle | None = None
        """Ends it when the server stops and the client does not answer."""
        self.subprotocol = response.ws_protocol

    async def receive(self) -> str | bytes:
        if self._failed is not None:
            raise self._failed
        try:
            message = await self._response.receive()
        except asyncio.CancelledError:
            self._raise_if_gone()
            raise
        if message.type is WSMsgType.TEXT or message.type is WSMsgType.BINARY:
            return await self._plain(message.data)
        raise await self._ended(message)

    async def send(self, message: str | bytes) -> None:
        if self._said:
            raise WebSocketClosed(ABNORMAL)
        try:
            await self._response.send_frame(*self._framed(message))
        except asyncio.CancelledError:
            self._raise_if_gone()
            raise
        except ConnectionError:
            raise WebSocketClosed(ABNORMAL) from None

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        if not self._said:
            self._said = True
            with suppress(ConnectionError):
                # Not aiohttp's close: another task may be waiting in `receive` for the client's half.
                await self._response.send_frame(_close_payload(code, reason), WSMsgType.CLOSE)

    async def leave(self) -> None:
        """Close because the server stops (RFC 6455 section 7.4.1), whether the client answers or not."""
        connection = cast(Connection, self._request.protocol)
        self._left = asyncio.get_running_loop().call_later(_PATIENCE, connection.cut)
        await self.close(GOING_AWAY)

    def over(self) -> None:
        """The conversation has ended."""
        if self._left is not None:
            self._left.cancel()

    async def finish(self, code: int) -> None:
        """Close, and wait for the client's half, whatever messages come before it."""
        await self.close(code)
        with suppress(TimeoutError, WebSocketClosed):
            async with asyncio.timeout(_PATIENCE):
                while True:
                    await self.receive()

    def _framed(self, message: str | bytes) -> tuple[bytes, WSMsgType]:
        """The payload of its frame, and how that begins."""
        content, kind = (message.encode(), WSMsgType.TEXT) if isinstance(message, str) else (message, WSMsgType.BINARY)
        deflate = self._upgrade.deflate
        coded = None if deflate is None else deflate.compressed(content)
        # aiohttp adds FIN to whatever it is given as an opcode, so RSV1 goes along with it.
        return (content, kind) if coded is None else (coded, cast(WSMsgType, _RSV1 | kind))

    async def _plain(self, data: str | bytes) -> str | bytes:
        """A message as it was before the client compressed it; if it can't be had, the connection fails."""
        frames = cast(Connection, self._request.protocol).frames
        if self._upgrade.deflate is None or frames is None or (coded := frames.coded.popleft()) is Coded.NO:
            return data
        try:
            content = inflate(cast(bytes, data), self._upgrade.max_message)
            return content.decode() if coded is Coded.TEXT else content
        except Broken as broken:
            code = broken.code
        except UnicodeDecodeError:
            code = CORRUPT
        self._failed = WebSocketClosed(code)
        await self.close(code)
        raise self._failed

    async def _ended(self, message: WSMessage) -> WebSocketClosed:
        if message.type is not WSMsgType.CLOSE:
            return WebSocketClosed(self._response.close_code or ABNORMAL)
        code = message.data or NO_STATUS
        await self.close(code if code == NO_STATUS or _may_be_sent(code) else PROTOCOL_ERROR)
        return WebSocketClosed(code, message.extra or "")

    def _raise_if_gone(self) -> None:
        """A client that left is the end of the messages, not of the endpoint that has to tidy up."""
        if cast(Connection, self._request.protocol).gone:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            raise WebSocketClosed(ABNORMAL) from None


def _may_be_sent(code: int) -> bool:
    """RFC 6455 section 7.4 and its registry."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


def _close_payload(code: int, reason: str) -> bytes:
    """RFC 6455 section 5.5.1: no status is said by saying nothing."""
    return b"" if code == NO_STATUS else struct.pack("!H", code) + reason.encode()[:123]
