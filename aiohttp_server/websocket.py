"""aiohttp's WebSocket behind the one that endpoints know (RFC 6455)."""

from __future__ import annotations

import asyncio
from typing import Final, cast

from aiohttp import WSMsgType, web

from aiohttp_server.exchange import EXCHANGE
from aiohttp_server.protocol import Connection
from shared_handlers.errors import HTTPError
from shared_handlers.message import Upgrade, WebSocketClosed

NO_STATUS: Final = 1005
ABNORMAL: Final = 1006
FAILED: Final = 1011
_CLOSE_SECONDS: Final = 2.0
"""How long the client has to answer a close frame."""


async def talk(web_request: web.Request, upgrade: Upgrade) -> web.StreamResponse:
    """Answer 101 and run the endpoint's side of the conversation to its end."""
    if web_request.body_exists:
        raise HTTPError(400, "An upgrade can't come with content.")
    runtime = web_request[EXCHANGE].runtime
    response = web.WebSocketResponse(
        timeout=_CLOSE_SECONDS,
        autoclose=False,
        compress=False,
        protocols=() if upgrade.subprotocol is None else (upgrade.subprotocol,),
        max_msg_size=upgrade.max_message + 1,  # aiohttp's limit is the first length that is refused
    )
    await response.prepare(web_request)
    connection = cast(Connection, web_request.protocol)
    connection.streaming = True
    runtime.host.streams += 1
    runtime.websockets.add(response)
    try:
        await _converse(web_request, upgrade, response)
    finally:
        runtime.websockets.discard(response)
        runtime.host.streams -= 1
    return response


async def _converse(web_request: web.Request, upgrade: Upgrade, response: web.WebSocketResponse) -> None:
    socket = _WebSocket(web_request, response)
    try:
        await upgrade.handler(socket)
    except WebSocketClosed:
        pass
    except Exception as error:
        exchange = web_request[EXCHANGE]
        exchange.runtime.pipeline.log.failure("WebSocket endpoint failed", error, request_id=exchange.request.id)
        await socket.close(FAILED)
    else:
        await socket.close()


class _WebSocket:
    """A message.WebSocket."""

    __slots__ = ("_request", "_response", "subprotocol")

    def __init__(self, web_request: web.Request, response: web.WebSocketResponse) -> None:
        self._request = web_request
        self._response = response
        self.subprotocol = response.ws_protocol

    async def receive(self) -> str | bytes:
        try:
            message = await self._response.receive()
        except asyncio.CancelledError:
            self._raise_if_gone()
            raise
        match message.type:
            case WSMsgType.TEXT | WSMsgType.BINARY:
                return cast(str | bytes, message.data)
            case WSMsgType.CLOSE:
                code = message.data or NO_STATUS
                await self._answer_close(code)
                raise WebSocketClosed(code, message.extra or "")
        raise WebSocketClosed(self._response.close_code or ABNORMAL)

    async def send(self, message: str | bytes) -> None:
        response = self._response
        try:
            await (response.send_str(message) if isinstance(message, str) else response.send_bytes(message))
        except asyncio.CancelledError:
            self._raise_if_gone()
            raise
        except ConnectionError:
            raise WebSocketClosed(response.close_code or ABNORMAL) from None

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self._response.close(code=code, message=reason.encode())

    async def _answer_close(self, code: int) -> None:
        """Give the client's own code back, or none for none (RFC 6455 section 5.5.1)."""
        if code != NO_STATUS:
            await self._response.close(code=code, drain=False)
            return
        await self._response.send_frame(b"", WSMsgType.CLOSE)
        transport = self._request.transport
        if transport is not None:
            transport.close()

    def _raise_if_gone(self) -> None:
        """A client that left is the end of the messages, not of the endpoint that has to tidy up."""
        if cast(Connection, self._request.protocol).gone:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            raise WebSocketClosed(ABNORMAL) from None
