"""WebSocket on a connection that was upgraded: frames by wsproto, messages and the closing handshake here (RFC 6455)."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from wsproto.connection import Connection as Frames
from wsproto.connection import ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.utilities import generate_accept_token

from legacy.deflate import PerMessageDeflate
from legacy.frame_limit import FrameLimit
from legacy.site import Site
from legacy.stream import Gone, Stream
from legacy.writer import switching
from shared_handlers.message import Field, Request, Upgrade, WebSocket, WebSocketClosed

NORMAL, GOING_AWAY, FAILED = 1000, 1001, 1011
_ABNORMAL = 1006
_PATIENCE = 2.0
"""Seconds to wait for the client's half of the closing handshake."""


async def talk(site: Site, stream: Stream, arrived: bytes, request: Request, upgrade: Upgrade) -> None:
    """Answer 101 and run the handler until it is done; `arrived` is what the client sent right after its request."""
    socket = Socket(stream, arrived, upgrade, site.server.websocket_ping)
    stream.write(switching(_handshake(request, upgrade), site.pipeline.after(request, None)))
    with suppress(Gone):
        await stream.run(_handle(socket, upgrade.handler, site, request.id), waits=True)


class Socket:
    """`message.WebSocket` over the frames of one connection; pings are answered while `receive` waits."""

    __slots__ = (
        "_beating", "_closed", "_draining", "_frames", "_heard", "_left", "_parts", "_ping", "_pinged",
        "_stream", "subprotocol",
    )  # fmt: skip

    def __init__(self, stream: Stream, arrived: bytes, upgrade: Upgrade, ping: float) -> None:
        """After `ping` seconds without a word its client is pinged."""
        self.subprotocol = upgrade.subprotocol
        self._stream = stream
        deflate = upgrade.deflate
        limit = FrameLimit(upgrade.max_message, deflate is not None)
        coding = [] if deflate is None else [PerMessageDeflate(deflate, upgrade.max_message)]
        self._frames = Frames(ConnectionType.SERVER, [limit, *coding], arrived)
        self._draining = asyncio.Lock()
        self._parts: list[str] | list[bytes] = []
        self._closed: WebSocketClosed | None = None
        self._ping = ping
        self._heard = self._pinged = 0.0
        """When, on the monotonic clock, the client was heard of, and asked whether it is there."""
        self._beating: asyncio.TimerHandle | None = None
        self._left: asyncio.TimerHandle | None = None
        """Ends it when the server stops and the client does not answer."""

    async def receive(self) -> str | bytes:
        """The next whole message; WebSocketClosed when there will be no more."""
        while self._closed is None:
            event = next(self._frames.events(), None)
            if event is None:
                await self._more(math.inf)
            elif isinstance(event, TextMessage | BytesMessage):
                message = self._joined(event)
                if message is not None:
                    return message
            else:
                self._control(event)
        raise self._closed

    async def send(self, message: str | bytes) -> None:
        """One message, text or binary; waits while the client reads too slowly."""
        if self._closed is not None or self._frames.state is not ConnectionState.OPEN:
            raise self._closed or WebSocketClosed(_ABNORMAL)
        event = TextMessage(data=message) if isinstance(message, str) else BytesMessage(data=message)
        try:
            self._stream.write(self._frames.send(event))
            async with self._draining:  # a stream has one that waits for its client to read
                await self._stream.drain()
        except Gone:
            self._closed = WebSocketClosed(_ABNORMAL)
            raise self._closed from None

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Begin the closing handshake; a second call does nothing."""
        if self._frames.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
            self._stream.write(self._frames.send(CloseConnection(code=code, reason=reason or None)))

    async def leave(self) -> None:
        """Close because the server stops (RFC 6455 section 7.4.1), whether the client answers or not."""
        await self.close(GOING_AWAY)
        if self._left is None:
            self._left = asyncio.get_running_loop().call_later(_PATIENCE, self._stream.abort)

    def begin(self) -> None:
        """The conversation begins."""
        self._heard = time.monotonic()
        self._beating = asyncio.get_running_loop().call_later(self._ping, self._beat)

    def _beat(self) -> None:
        """Ask a silent client whether it is there (RFC 6455 section 5.5.2), and end it when it does not say so."""
        now = time.monotonic()
        if self._stream.arrived:
            self._heard = now
        if self._pinged > self._heard:
            self._stream.abort()
            return
        wait = self._ping - (now - self._heard)
        if wait <= 0:
            if self._frames.state is ConnectionState.OPEN:
                self._stream.write(self._frames.send(Ping()))
            self._pinged, wait = now, self._ping / 2
        self._beating = asyncio.get_running_loop().call_later(wait, self._beat)

    def over(self) -> None:
        """The conversation has ended."""
        if self._beating is not None:
            self._beating.cancel()
        if self._left is not None:
            self._left.cancel()

    async def finish(self) -> None:
        """Wait for the client's close frame, whatever messages come before it."""
        deadline = time.monotonic() + _PATIENCE
        with suppress(TimeoutError):
            while self._closed is None:
                event = next(self._frames.events(), None)
                if event is None:
                    await self._more(deadline)
                elif not isinstance(event, TextMessage | BytesMessage):
                    self._control(event)

    async def _more(self, deadline: float) -> None:
        try:
            if self._stream.congested and self._frames.state is ConnectionState.OPEN:
                # What is read may be pings, whose pongs pile up for a client that does not read.
                async with self._draining:
                    await self._stream.drain()
            data = await self._stream.read(deadline)
        except Gone:
            data = b""
        if data:
            self._heard = time.monotonic()
            self._frames.receive_data(data)
        else:
            self._closed = WebSocketClosed(_ABNORMAL)

    def _joined(self, event: TextMessage | BytesMessage) -> str | bytes | None:
        """The whole message once its last piece is there (RFC 6455 section 5.4)."""
        part = event.data if isinstance(event, TextMessage) else bytes(event.data)
        if part:  # else pieces without content would pile up without a limit
            self._parts.append(part)  # type: ignore[arg-type]
        if not event.message_finished:
            return None
        parts, self._parts = self._parts, []
        return type(part)().join(parts)  # type: ignore[arg-type]

    def _control(self, event: Event) -> None:
        if isinstance(event, Ping):
            if self._frames.state is ConnectionState.OPEN:
                self._stream.write(self._frames.send(event.response()))
        elif isinstance(event, CloseConnection):
            if self._frames.state is ConnectionState.OPEN or self._frames.state is ConnectionState.LOCAL_CLOSING:
                # wsproto says so of bytes that break the protocol: the client has not begun to close.
                self._fail(event.code)
                return
            if self._frames.state is ConnectionState.REMOTE_CLOSING:
                self._stream.write(self._frames.send(CloseConnection(code=event.code)))
            self._closed = WebSocketClosed(event.code, event.reason or "")

    def _fail(self, code: int) -> None:
        """Fail the connection (RFC 6455 section 7.1.7): say by the code alone why, and read no more."""
        if self._frames.state is ConnectionState.OPEN:
            self._stream.write(self._frames.send(CloseConnection(code=code)))
        self._closed = WebSocketClosed(code)


async def _handle(socket: Socket, handler: Callable[[WebSocket], Awaitable[None]], site: Site, request_id: str) -> None:
    code = NORMAL
    site.closers.add(socket.leave)
    site.host.streams += 1
    try:
        socket.begin()
        if site.host.draining:  # whoever ends the others may have done so already
            await socket.leave()
        try:
            await handler(socket)
        except WebSocketClosed:
            pass
        except Exception as error:
            site.pipeline.log.failure("WebSocket handler failed", error, request_id=request_id)
            code = FAILED
        await socket.close(code)
        await socket.finish()
    finally:
        socket.over()
        site.host.streams -= 1
        site.closers.discard(socket.leave)


def _handshake(request: Request, upgrade: Upgrade) -> list[Field]:
    """RFC 6455 section 4.2.2."""
    key = request.headers["Sec-WebSocket-Key"]
    fields = [
        ("Upgrade", "websocket"),
        ("Connection", "upgrade"),
        ("Sec-WebSocket-Accept", generate_accept_token(key.encode()).decode()),
    ]
    if upgrade.subprotocol is not None:
        fields.append(("Sec-WebSocket-Protocol", upgrade.subprotocol))
    if upgrade.deflate is not None:
        fields.append(("Sec-WebSocket-Extensions", upgrade.deflate.field))
    return fields
