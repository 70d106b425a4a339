"""A connection of asyncio as a Stream: its conversation is stepped by hand, without a task of its own."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Protocol, TypeVar, cast

from legacy.eager import WAITING, EagerTask, ended
from legacy.files import send_file
from legacy.stream import HALF_CLOSED, Gone
from shared_handlers.message import File

T = TypeVar("T")
_READ_AHEAD = 65_536
"""Bytes taken in while nobody asks for them; then the client has to wait."""
_TURN = 65_536
"""Bytes one connection may write before the others get their turn."""
_RESET = struct.pack("ii", 1, 0)


class Owner(Protocol):
    """Who made the stream: told of its beginning and its end, and asked what is said on it."""

    def opened(self, stream: AsyncioStream) -> Coroutine[Any, Any, None]: ...

    def closed(self, stream: AsyncioStream) -> None: ...

    def failed(self, error: BaseException) -> None: ...


class AsyncioStream(asyncio.Protocol):
    """One connection.

    Between requests its conversation waits for `_reader` and for nothing else; `data_received` steps it on the spot,
    so an endpoint that never suspends has answered before `data_received` returns.
    """

    __slots__ = (
        "_deadline", "_drainer", "_ended", "_halves", "_last_said", "_life", "_loop", "_owner", "_parked", "_pending", "_reader", "_reading",
        "_stalled_since", "_streaming", "_task", "_transport", "_turn", "_unsent", "_work", "_write_timeout", "congested",
        "gone", "peer",
    )  # fmt: skip

    def __init__(self, owner: Owner, loop: asyncio.AbstractEventLoop, write_timeout: float) -> None:
        self._owner = owner
        self._loop = loop
        self._write_timeout = write_timeout
        self._pending = b""
        self._ended = False
        """The client has sent all it will send."""
        self.gone = False
        self.congested = False
        self.peer = ""
        self._reading = True
        self._streaming = False
        self._turn = self._unsent = 0
        self._reader: asyncio.Future[None] | None = None
        self._drainer: asyncio.Future[None] | None = None
        self._task: EagerTask[Any] = EagerTask(loop)
        self._work: asyncio.Future[Any] | None = None
        self._parked: asyncio.Future[Any] | None = None
        self._deadline = self._stalled_since = self._last_said = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._halves = self._transport.can_write_eof()
        if not self._halves:  # TLS, of which asyncio would keep 512 KiB
            self._transport.set_write_buffer_limits(_TURN)
        address = transport.get_extra_info("peername")
        self.peer = address[0] if isinstance(address, tuple) else ""
        self._life = self._owner.opened(self)
        self._advance()

    def data_received(self, data: bytes) -> None:
        self._pending = self._pending + data if self._pending else data
        self._turn = 0
        if self._reader is not None:
            self._wake_reader()
        elif self._reading and len(self._pending) >= _READ_AHEAD:
            self._reading = False
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client may only have closed its half: answers are delivered, streams as long as they go on."""
        self._ended = True
        if self._reader is not None:
            self._wake_reader()
        self._last_said = time.monotonic()
        return self._halves

    def connection_lost(self, error: Exception | None) -> None:
        self._owner.closed(self)
        self._ended = True
        self._leave()

    def pause_writing(self) -> None:
        self.congested = True

    def resume_writing(self) -> None:
        self.congested = False
        if self._drainer is not None and not self._drainer.done():
            self._drainer.set_result(None)

    @property
    def arrived(self) -> bool:
        return bool(self._pending)

    async def read(self, deadline: float) -> bytes:
        if not self._pending:
            if self.gone:
                raise Gone
            if self._ended:
                return b""
            self._resume_reading()
            self._deadline = deadline
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
            if self.gone and not self._pending:
                raise Gone
        data, self._pending = self._pending, b""
        return data

    def write(self, data: bytes | memoryview) -> None:
        if not self.gone:
            self._turn += len(data)
            self._last_said = time.monotonic()
            self._transport.write(data)

    async def drain(self) -> None:
        if self.gone:
            raise Gone
        if self.congested:
            self._drainer = self._loop.create_future()
            try:
                await self._drainer
            finally:
                self._drainer = None
        elif self._turn > _TURN:
            self._turn = 0
            await asyncio.sleep(0)

    async def send_file(self, file: File) -> int:
        try:
            return await self.run(send_file(self._transport, file, self._write_timeout))
        except (ConnectionError, TimeoutError):
            self.abort(reset=True)
            raise Gone from None

    @property
    def at_rest(self) -> bool:
        """Nothing is under way in either direction, and the client is there."""
        return not (self._pending or self._ended or self.gone) and self._transport.get_write_buffer_size() == 0

    def released(self) -> socket.socket:
        """The connection on a descriptor of its own, for others to carry on; this stream is over."""
        own: socket.socket = self._transport.get_extra_info("socket").dup()
        self._transport.abort()  # closes its own descriptor, which no byte is waiting for
        return own

    async def run(
        self,
        work: Coroutine[Any, Any, T],
        *,
        within: float | None = None,
        streaming: bool = False,
        waits: bool = False,
    ) -> T:
        task: EagerTask[T] = self._task
        result = task.first_step(work)
        if result is not WAITING:
            return result
        self._task = EagerTask(self._loop)
        return await self._finished(task, within, streaming)

    def end(self) -> None:
        if self._halves:
            # The client may be gone already, which asyncio has not noticed yet.
            with suppress(OSError):
                self._transport.write_eof()
        else:
            self._transport.close()

    def abort(self, *, reset: bool = False) -> None:
        if not reset:
            self._transport.close()
            return
        raw = self._transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._transport.abort()

    def sweep(self, now: float) -> None:
        """End what has taken too long: the wait for the client to send, or for it to take what is sent."""
        if self._reader is not None and now > self._deadline and not self._reader.done():
            self._wake_reader(TimeoutError())
        unsent = self._transport.get_write_buffer_size()
        if unsent == 0 or unsent != self._unsent:
            self._unsent, self._stalled_since = unsent, now
        elif now - self._stalled_since > self._write_timeout:
            self.abort(reset=True)  # or the kernel would go on offering what it has to a client that does not take it
        if self._streaming and self._ended and unsent == 0 and now - self._last_said > HALF_CLOSED:
            self._leave()

    def cut(self, *, gently: bool = False) -> None:
        """End it now, whatever is under way; `gently` lets a stream's client have what was made of it so far."""
        if gently and self._streaming:
            self._transport.close()
            self._leave()  # nothing more is made for it
        else:
            self._transport.abort()

    def _advance(self, _: object = None) -> None:
        """Step the conversation to its next wait."""
        try:
            parked = self._parked = self._life.send(None)
        except StopIteration:
            self._parked = None
            self._transport.close()
        except BaseException as error:
            self._parked = None
            self._owner.failed(error)
            self._transport.abort()
        else:
            if parked is None:
                self._loop.call_soon(self._advance)
            elif parked is not self._reader:
                parked.add_done_callback(self._advance)

    async def _finished(self, task: EagerTask[T], within: float | None, streaming: bool) -> T:
        """The rest of `run`, for work that waits."""
        self._work, self._streaming = task, streaming
        if self.gone:
            self._leave()
        try:
            return await ended(task, within)
        finally:
            self._work, self._streaming = None, False
            if self.gone:
                raise Gone

    def _resume_reading(self) -> None:
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()

    def _wake_reader(self, error: Exception | None = None) -> None:
        reader = self._reader
        if reader is None or reader.done():
            return
        if error is None:
            reader.set_result(None)
        else:
            reader.set_exception(error)
        if reader is self._parked:
            self._advance()

    def _leave(self) -> None:
        """Nobody is there any more: whoever waits for the client learns it, other work is cancelled."""
        self.gone = True
        if self._reader is not None:
            self._wake_reader()
        elif self._drainer is not None:
            if not self._drainer.done():
                self._drainer.set_exception(Gone())
        elif self._work is not None:
            self._work.cancel()
