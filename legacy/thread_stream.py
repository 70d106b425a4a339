"""A connection as a Stream of the thread engine: carried by whichever worker steps it, or for a while by the event loop.

The socket never blocks. Where its conversation has to wait for the client it yields PARKED: the worker is free, and
another one goes on when the client has moved. Where application code may wait it yields TO_LOOP and goes on as an
AsyncioStream; before the next request it yields BACK.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Coroutine, Generator
from enum import Enum, auto
from types import coroutine
from typing import Any, Protocol, TypeVar

from legacy.asyncio_stream import AsyncioStream
from legacy.stream import Gone
from legacy.worker import run_here
from shared_handlers.message import File

T = TypeVar("T")
READ, WRITE = select.EPOLLIN | select.EPOLLRDHUP, select.EPOLLOUT
_READ_SIZE = 65_536
_TURN = 65_536
"""Bytes one connection may write before the others get their turn."""
_FILE_PIECE = 1 << 20
_RESET = struct.pack("ii", 1, 0)


class Signal(Enum):
    """What a conversation yields to whoever steps it."""

    PARKED = auto()
    """It waits for what `events` names, until `deadline`."""
    TURN = auto()
    """It would go on at once, but others come first."""
    TO_LOOP = auto()
    """It goes on where the event loop carries it."""


class Release(Protocol):
    """Takes a stream back from the event loop, once its conversation stands still."""

    def __call__(self, stream: ThreadStream) -> None: ...


@coroutine
def _suspend(signal: object) -> Generator[object, None, None]:
    yield signal


class _Back:
    """Yielded to an AsyncioStream as if it were a future: at `add_done_callback` the conversation stands still."""

    __slots__ = ("_release", "_stream")

    def __init__(self, stream: ThreadStream, release: Release) -> None:
        self._stream = stream
        self._release = release

    def add_done_callback(self, _: object) -> None:
        self._release(self._stream)


class ThreadStream:
    """One connection. Only one thread at a time steps it; `cut` alone may come from another."""

    __slots__ = (
        "_begun", "_ending", "_life", "_pending", "_release", "_reset", "_said", "_turn", "_unsent", "_working",
        "_write_timeout", "carrier", "deadline", "events", "gone", "peer", "registered", "socket",
    )  # fmt: skip

    def __init__(self, accepted: socket.socket, peer: str, write_timeout: float, release: Release) -> None:
        """`accepted` does not block; `release` is called on the event loop when workers may go on with the stream."""
        self.socket = accepted
        self.peer = peer
        self._write_timeout = write_timeout
        self._release = release
        self._unsent: deque[memoryview] = deque()
        self._pending = b""
        self._turn = 0
        self._working = self._ending = self._reset = False
        self.gone = False
        self.registered = False
        """Whether the poller knows the socket."""
        self.events = 0
        """What it is parked for."""
        self.deadline = 0.0
        self.carrier: AsyncioStream | None = None
        """Who carries it on the event loop; None when workers do."""
        self._said: Coroutine[Any, Any, None] | None = None
        self._life: Coroutine[Any, Any, None] | None = None
        self._begun = False

    @property
    def refusable(self) -> bool:
        """It waits for a request, or has not begun: another answer can be given to what comes."""
        return self.carrier is None and self.events == READ and not self._ending

    def say(self, said: Coroutine[Any, Any, None]) -> None:
        """What its conversation is; instead of another one when that has not begun."""
        self._unsay()
        self._said, self._life = said, self._carry(said)

    def _unsay(self) -> None:
        if self._life is not None and self._said is not None:
            self._life.close()
            self._said.close()

    @property
    def begun(self) -> bool:
        return self._begun

    def step(self, error: BaseException | None = None) -> object:
        """Go on to the next wait, with `error` raised where it stands; None at the end; raises what is unforeseen."""
        assert self._life is not None  # noqa: S101  (said before it is stepped)
        if error is not None and not self._begun:
            self._unsay()
            return None
        self._begun = True
        self.events = 0
        try:
            return self._life.send(None) if error is None else self._life.throw(error)
        except StopIteration:
            return None

    def forsake(self) -> None:
        """Nobody will carry it on."""
        assert self._life is not None  # noqa: S101  (only what has been stepped waits for a carrier)
        self._life.close()

    def resumed(self, carrier: AsyncioStream) -> Coroutine[Any, Any, None]:
        """The event loop carries it from here, what has not been sent or read included, and steps what this gives."""
        self.carrier = carrier
        for piece in self._unsent:
            carrier.write(bytes(piece))
        self._unsent.clear()
        if self._pending:
            carrier.data_received(self._pending)
            self._pending = b""
        assert self._life is not None  # noqa: S101  (it has been stepped)
        return self._life

    async def _carry(self, said: Coroutine[Any, Any, None]) -> None:
        """All that is said on it, and the sending of what is then left to send."""
        await said
        if self.carrier is None and self._unsent and not self.gone:
            try:
                await self._flushed()
            except Gone:
                return
            self._shut()

    @property
    def arrived(self) -> bool:
        if self.carrier is not None:
            return self.carrier.arrived
        if not self._pending:
            self._pending = self._receive() or b""
        return bool(self._pending)

    @property
    def congested(self) -> bool:
        return bool(self._unsent) if self.carrier is None else self.carrier.congested

    async def read(self, deadline: float) -> bytes:
        if self.carrier is not None:
            if self._working or not self.carrier.at_rest:
                return await self.carrier.read(deadline)
            await _suspend(_Back(self, self._release))
        if self._pending:
            data, self._pending = self._pending, b""
            return data
        while (received := self._receive()) is None:
            await self._park(READ | WRITE if self._unsent else READ, deadline)
            self._flush()
        return received

    def write(self, data: bytes | memoryview) -> None:
        if self.carrier is not None:
            self.carrier.write(data)
            return
        if self.gone:
            return
        self._turn += len(data)
        sent = 0 if self._unsent else self._send(data)
        if sent < len(data):
            self._unsent.append(memoryview(data)[sent:])

    async def drain(self) -> None:
        if self.carrier is not None:
            await self.carrier.drain()
            return
        if self.gone:
            raise Gone
        if self._unsent:
            await self._flushed()
        elif self._turn > _TURN:
            self._turn = 0
            await _suspend(Signal.TURN)

    async def send_file(self, file: File) -> int:
        if self.carrier is not None:
            return await self.carrier.send_file(file)
        await self._flushed()
        sent = 0
        while sent < file.length:
            size = min(_FILE_PIECE, file.length - sent)
            try:
                done = os.sendfile(self.socket.fileno(), file.handle.fileno(), file.offset + sent, size)
            except BlockingIOError:
                await self._writable()
                continue
            except OSError:
                raise self._lost() from None
            if not done:
                break
            sent += done
            if sent < file.length and done == size:
                await _suspend(Signal.TURN)
        return sent

    async def run(
        self,
        work: Coroutine[Any, Any, T],
        *,
        within: float | None = None,
        streaming: bool = False,
        waits: bool = False,
    ) -> T:
        try:
            if self.carrier is None:
                if waits or streaming:
                    await _suspend(Signal.TO_LOOP)
            elif not (waits or streaming) and self.carrier.at_rest:
                await _suspend(_Back(self, self._release))
        except BaseException:
            work.close()
            raise
        if self.carrier is None:
            return run_here(work, within)
        self._working = True
        try:
            return await self.carrier.run(work, within=within, streaming=streaming)
        finally:
            self._working = False

    def end(self) -> None:
        if self.carrier is not None:
            self.carrier.end()
            return
        self._ending = True
        if not self._unsent:
            self._shut()

    def abort(self, *, reset: bool = False) -> None:
        if self.carrier is not None:
            self.carrier.abort(reset=reset)
            return
        self.gone = True
        self._unsent.clear()
        self._reset = reset

    def sweep(self, now: float) -> None:
        """What its carrier looks at; what workers carry is parked with a deadline."""
        if (carrier := self.carrier) is not None:
            carrier.sweep(now)

    def cut(self, *, gently: bool = False) -> None:
        """End it now, whatever is under way; whoever steps it finds it ended. `gently` as its carrier understands it."""
        if (carrier := self.carrier) is not None:
            carrier.cut(gently=gently)
            return
        self.gone = True
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def released(self, own: socket.socket) -> None:
        """Workers carry it from here, on a descriptor of its own."""
        self.carrier, self.socket, self.registered = None, own, False

    def close(self) -> None:
        """Its conversation is over."""
        if self._reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.socket.close()

    def _receive(self) -> bytes | None:
        """What is there, empty at the end; None when the client has to send first; Gone."""
        if self.gone:
            raise Gone
        try:
            return self.socket.recv(_READ_SIZE)
        except BlockingIOError:
            return None
        except OSError:
            self.gone = True
            raise Gone from None

    def _send(self, data: bytes | memoryview) -> int:
        try:
            return self.socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.gone = True
            return len(data)

    def _flush(self) -> None:
        unsent = self._unsent
        while unsent and not self.gone:
            sent = self._send(unsent[0])
            if sent < len(unsent[0]):
                unsent[0] = unsent[0][sent:]
                return
            unsent.popleft()
        if self._ending:
            self._shut()

    async def _flushed(self) -> None:
        """Everything that was written is with the kernel; Gone when the client does not take it."""
        while self._unsent:
            await self._writable()
            self._flush()
            if self.gone:
                raise Gone

    async def _writable(self) -> None:
        try:
            await self._park(WRITE, time.monotonic() + self._write_timeout)
        except TimeoutError:
            raise self._lost() from None

    def _lost(self) -> Gone:
        """The client has left or takes nothing: or the kernel would go on offering what it has."""
        self.abort(reset=True)
        return Gone()

    async def _park(self, events: int, deadline: float) -> None:
        self.events, self.deadline = events, deadline
        await _suspend(Signal.PARKED)

    def _shut(self) -> None:
        """The client may be gone already."""
        if self.gone:
            return
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return
