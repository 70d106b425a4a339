"""aiohttp's connection, with what its documentation gives no hook for.

RequestHandler is a public name, but what is overridden and read here is not documented: a test pins it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from aiohttp import EMPTY_PAYLOAD, HttpVersion11, StreamReader, hdrs, web
from aiohttp.http import RawRequestMessage
from aiohttp.web_protocol import _ErrInfo

from aiohttp_server.access_log import AccessLog
from aiohttp_server.connections import Connections
from aiohttp_server.deadline import Deadline
from aiohttp_server.exchange import Runtime
from aiohttp_server.frames import StrictReader
from aiohttp_server.heads import Heads
from aiohttp_server.listening import Listening
from aiohttp_server.reception import HEAD_END, Reception, WholeHead, asks_head
from aiohttp_server.unparsed import answer_unparsed, unparsed
from shared_handlers.errors import HTTPError
from shared_handlers.http1 import Data, End
from shared_handlers.message import Upgrade

LINGER: Final = 2.0
"""Seconds for which a closing connection still takes what the client sends, or the client could lose the answer."""
_LINGER_BYTES: Final = 1 << 24
_HEAD_END_LENGTH: Final = len(HEAD_END)
_KEPT: Final = 65_536
"""Bytes that may wait for a client that does not read, before its endpoint has to; and those that arrive behind an upgrade
that is not decided, before the client has to."""
_SPACE: Final = 32
_to_websocket: Final = web.RequestHandler.data_received
_RESET: Final = struct.pack("ii", 1, 0)


class Connection(web.RequestHandler):
    """One client's connection."""

    __slots__ = (
        "_answering", "_connections", "_deaf", "_discarded", "_head_deadline", "_heads", "_last_payload", "_lingering", "_max_head",
        "_reception", "_runtime", "_write_deadline", "frames", "listening", "peer", "scheme", "upgrade", "upgraded",
    )  # fmt: skip

    def __init__(
        self, manager: web.Server, runtime: Runtime, connections: Connections, *, loop: asyncio.AbstractEventLoop
    ) -> None:
        limits = runtime.settings.server
        super().__init__(
            manager,
            loop=loop,
            keepalive_timeout=limits.keepalive_timeout,
            access_log_class=AccessLog,
            max_line_size=limits.max_head,
            max_field_size=limits.max_head,
            max_headers=limits.max_fields,
            lingering_time=limits.body_timeout,
            auto_decompress=False,
        )
        self._runtime = runtime
        self._max_head = limits.max_head
        self._connections = connections
        self._reception = Reception(limits.max_head, limits.max_fields)
        self._heads = Heads(self, loop, limits)
        self._head_deadline = Deadline(loop, limits.header_timeout, self._late)
        self._write_deadline = Deadline(loop, limits.write_timeout, self.cut)
        self._last_payload: StreamReader = EMPTY_PAYLOAD
        self._discarded = 0
        self._answering = False
        """A request has arrived whose answer is not complete."""
        self._deaf = False
        """Nothing the client sends is read any more."""
        self._lingering = False
        self.listening = Listening(loop, self.cut)
        self.peer = ""
        self.scheme = "http"
        self.upgrade: Upgrade | None = None
        """What a WebSocket is opened with, before it is."""
        self.frames: StrictReader | None = None
        self.upgraded = False
        """What is said is no HTTP any more: FIN means that the client has left."""

    @property
    def idle(self) -> bool:
        return self._awaiting and not self._reception.head_begun

    @property
    def gone(self) -> bool:
        """Nothing can be sent any more."""
        return self.transport is None or self.transport.is_closing()

    @property
    def content_begun(self) -> bool:
        """Something of the newest request's content has arrived."""
        return self._reception.content_begun

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        address = transport.get_extra_info("peername")
        self.peer = str(address[0]) if address else ""
        if transport.get_extra_info("sslcontext") is not None:
            self.scheme = "https"
            cast(asyncio.Transport, transport).set_write_buffer_limits(_KEPT)  # asyncio would keep 512 KiB
        self._head_deadline.start()
        if not self._connections.add(self, self.peer):
            self._refuse(HTTPError(503, "There are too many connections.", (("Retry-After", "1"),)))

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self._connections.discard(self)
        self._head_deadline.stop()
        self._write_deadline.stop()
        self.listening.stop()

    def data_received(self, data: bytes) -> None:
        reception = self._reception
        if self._deaf:
            self._discard(len(data))
        elif self._payload_parser is not None:
            _to_websocket(self, data)
        elif (
            _HEAD_END_LENGTH < data.find(HEAD_END) + _HEAD_END_LENGTH == len(data) <= self._max_head
            and data[0] > _SPACE
            and reception.between
            and not (self._upgraded or self._reading_paused)
            and len(self._messages) < self._max_msg_queue_size
        ):
            self._take_head(data)  # one head and no more: nearly always
        else:
            if data:
                reception.feed(data)
            self._advance()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the way out open while requests await their answers (RFC 9112 section 9.6), streams as they go on."""
        owed = self._answering or bool(self._messages)
        if not owed or self._lingering or self.upgraded:
            return False
        self.listening.half_close()
        if not self._last_payload.is_eof():
            self._last_payload.set_exception(HTTPError(400, "The content ended before its end."))
        return True

    def set_parser(self, parser: Any, data_received_cb: Callable[[], None] | None = None) -> None:
        """The connection is a WebSocket's from here."""
        assert self.upgrade is not None  # noqa: S101  (`talk` says it before it prepares the answer)
        self.frames = StrictReader(parser, self.upgrade.max_message, self.upgrade.deflate is not None)
        super().set_parser(cast(Any, self.frames), data_received_cb)
        if arrived := self._reception.unused():
            _to_websocket(self, arrived)

    def pause_reading(self) -> None:
        """Content waits to be read; aiohttp would tell its parser, which has none of it."""
        self._reading_paused = True
        self._pause_transport_reading()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_deadline.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._write_deadline.stop()

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        if self.access_logger is not None:
            self.access_logger.log(request, response, 0.0)  # an exchange measures its own time
        if not self._reception.between:
            self._go_on()
        self._answering = bool(self._messages)
        if self.listening.half_closed and not self._answering:
            self.close()

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Not that the content broke: its request has been answered."""
        error = kw.get("exc_info")
        if isinstance(error, Exception) and not isinstance(error, HTTPError):
            self._runtime.pipeline.log.failure("connection failed", error)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What escaped the middleware: a problem, or the end when an answer has begun."""
        if request.writer.output_size > 0 or isinstance(exc, ConnectionError):
            raise ConnectionResetError("the answer was cut short")
        self.log_exception(exc_info=exc)
        return unparsed(self._runtime, HTTPError(status))[1]

    def cut(self, *, reset: bool = False, gently: bool = False) -> None:
        """Close at once; with `reset` so that nobody takes what came for the whole; `gently` when a stream's client has
        what was made of it so far."""
        if self.transport is None:
            return
        if gently and self.listening.streaming:
            self.transport.close()
            return
        if reset:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()

    def answer_in_http11(self, web_request: web.BaseRequest) -> None:
        """aiohttp answers in the version of the request, whatever that was (RFC 9110 section 2.5)."""
        web_request._version = HttpVersion11
        web_request._cache.pop("version", None)

    async def linger(self) -> None:
        """Say that nothing more comes, and take what the client still sends until it closes (RFC 9112 section 9.6)."""
        self._deaf = self._lingering = True
        transport = self.transport
        if transport is None or transport.is_closing() or self.listening.half_closed:
            return
        self.resume_reading(resume_parser=False)
        if transport.can_write_eof():
            transport.write_eof()
        elif self._last_payload.is_eof():
            return  # TLS: only its end says that nothing more comes
        # Ended by cancellation as soon as the connection is lost.
        await asyncio.sleep(LINGER)
        self.force_close()

    @property
    def _awaiting(self) -> bool:
        waiter = self._waiter
        return waiter is not None and not waiter.done()

    @property
    def _ready(self) -> bool:
        """Another head, or more content, can be taken: no upgrade is undecided, nobody's content waits to be read."""
        return not (self._upgraded or self._reading_paused or len(self._messages) >= self._max_msg_queue_size)

    def _advance(self) -> None:
        """Take what has arrived as far as it goes; the rest waits until there is more, or aiohttp asks for it."""
        reception = self._reception
        try:
            while not self._deaf and self._ready and (event := reception.next_event()) is not None:
                self._take(event)
        except HTTPError as error:
            self._broken(error)
        if self._deaf:
            return
        if self._awaiting and reception.head_begun:
            self._head_deadline.start()
        if self._upgraded and reception.kept >= _KEPT and not self._buffer_paused:
            self._pause_reading_for_buffer()

    def _go_on(self) -> None:
        """An answer is complete, and with it an upgrade that was undecided is declined."""
        if self._reception.kept and not self._deaf:
            self._advance()
            if self._buffer_paused and len(self._messages) < self._max_msg_queue_size:
                self._resume_reading_for_buffer()

    def _take(self, event: WholeHead | Data | End) -> None:
        if isinstance(event, Data):
            self._last_payload.feed_data(event.piece)
        elif isinstance(event, WholeHead):
            self._take_head(event.block)
        else:
            self._last_payload.feed_eof()

    def _take_head(self, head: bytes) -> None:
        """Queue the request of one head, as aiohttp does, and learn what content follows."""
        if self._close or self._force_close:
            return
        try:
            message, payload, length, self._upgraded = self._heads.read(head)
        except HTTPError as error:
            self._reception.asks_head = asks_head(head)
            self._refuse(error)
            return
        if self._head_deadline.running:
            self._head_deadline.stop()
        if length != 0:
            self._reception.expect(length)
        self._last_payload = payload
        self._request_count += 1
        self._queue(message, payload)
        if not self._buffer_paused and len(self._messages) >= self._max_msg_queue_size:
            self._pause_reading_for_buffer()

    def _queue(self, message: RawRequestMessage | _ErrInfo, payload: StreamReader) -> None:
        self._answering = True
        self._messages.append((message, payload))
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _broken(self, error: HTTPError) -> None:
        """The bytes are no HTTP: told to the request whose content they are, else in an answer of its own."""
        if self._last_payload.is_eof():
            self._refuse(error)
        else:
            self._deaf = True
            self._last_payload.set_exception(error)

    def _refuse(self, error: HTTPError) -> None:
        """Answer with `error` after what is under way, and close."""
        self._deaf = True
        self._head_deadline.stop()
        self._queue(_ErrInfo(status=error.status, exc=error, message=""), EMPTY_PAYLOAD)

    def _make_error_handler(self, err_info: _ErrInfo) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
        async def refuse(request: web.BaseRequest) -> web.StreamResponse:
            self.answer_in_http11(request)
            error = err_info.exc if isinstance(err_info.exc, HTTPError) else HTTPError(400)
            if self._reception.asks_head:
                request._method = hdrs.METH_HEAD  # answered without content (RFC 9110 section 9.3.2)
            response = await answer_unparsed(request, self._runtime, error, self.peer)
            await self.linger()
            return response

        return refuse

    def _discard(self, size: int) -> None:
        self._discarded += size
        if self._discarded > _LINGER_BYTES:
            self.cut()

    def _late(self) -> None:
        if not self._awaiting:
            return
        if self._reception.head_begun:
            self._refuse(HTTPError(408, "The head of the request did not arrive in time."))
        else:
            self.force_close()
