"""One connection's exchanges as a client sees them: what it sends, the answers and the messages that come back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

from samewire.cases.model import Await, Delivery, Raw, Send
from samewire.exchange import Answer, Kind, Message
from samewire.wire import websocket
from samewire.wire.awaited import Awaited
from samewire.wire.connection import Ending, Read
from samewire.wire.parser import Parser, State
from samewire.wire.sent import Sent
from samewire.wire.websocket import Frames
from samewire.wire.written import Names, pieces, written

TIMED_OUT, CLOSED, RESET = "timed out", "closed", "reset"
MISSED = "missed"
UNREADABLE = "unreadable"
NOT_UPGRADED = "not upgraded"
_PING = b"samewire: still there?"
_PAUSE = 0.001
"""Seconds between the pieces that a case cuts: time for the server's process to read one before the next comes."""


class Wire(Protocol):
    """What a conversation needs of a connection; see `Connection`."""

    ending: Ending | None

    async def write(self, data: bytes) -> None: ...
    async def read(self) -> Read | None: ...
    def pause(self) -> None: ...
    def half_close(self) -> None: ...
    def close(self) -> None: ...
    def reset(self) -> None: ...


class Received(NamedTuple):
    """An answer as far as it came, and why it came no further: empty when it came as far as was asked."""

    sent: bytes
    interim: tuple[Answer, ...]
    answer: Answer | None
    failure: str


class Conversation:
    """Nothing here raises for what a server does; nothing takes longer than `limit`, in seconds.

    After an answer or a message failed to come, the conversation is over: what is asked of it then fails alike, at once.
    """

    __slots__ = ("_awaited", "_clock", "_closed", "_messages", "_origin", "_read_at", "_said", "_under_way", "cut", "failed", "frames", "left", "parser", "said_close", "sent", "wire")  # fmt: skip

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.parser = Parser()
        self.sent = Sent()
        self.frames: Frames | None = None
        """None before an upgrade."""
        self.failed = ""
        self.cut = False
        """Whether a write did not come to its end."""
        self.left = False
        """Whether the client has closed the connection."""
        self._clock = asyncio.get_running_loop().time
        self._awaited = Awaited(self.parser)
        self._messages: deque[Message] = deque()
        self._said = Frames()
        """The client's own frames."""
        self.said_close = False
        """Whether a Close frame was sent."""
        self._closed: Message | None = None
        self._under_way = False
        self._origin = 0.0
        self._read_at = 0.0

    async def send(self, step: Send, names: Names, limit: float) -> None:
        """Send a request, or the part of it that the step says; ValueError as for `written`."""
        head, body = written(step.send, names)
        data = {"all": head + body, "head": head, "body": body}[step.part]
        to_head = isinstance(step.send, Raw) and step.send.answers_head
        await self.write(data, step.delivery, limit, to_head=to_head)

    async def say(self, data: bytes, limit: float) -> None:
        """Send WebSocket frames."""
        await self.write(data, "at once", limit)

    async def write(self, data: bytes, delivery: Delivery, limit: float, *, to_head: bool = False) -> None:
        """Send as much as the server takes. `to_head`: what is sent is answered as HEAD is."""
        if self.failed or self.left:
            return
        self.sent.add(data, self._clock(), to_head=to_head)
        if self.frames is not None:
            said = self._said.feed(data, 0.0)
            self.said_close = self.said_close or any(message.kind is Kind.CLOSE for message in said)
        try:
            async with asyncio.timeout(limit):
                await self._deliver(data, delivery)
        except OSError:  # TimeoutError among them; what the server did instead of reading, the next step sees
            self.cut = True

    async def receive(self, limit: float) -> Received:
        """The next answer, read to its end."""
        if self.failed:
            return Received(self.sent.report(), (), None, self.failed)
        self._begin()
        self.failed = await self._until(lambda: self.parser.state is State.DONE, self._unreadable, limit)
        self._under_way = False
        received = self._received(self.sent.report(), self.failed)
        if not self.failed and self.parser.tunnels:
            self.frames = Frames()
            self._hear(Read(self.parser.take_surplus(), self._read_at))
        return received

    async def reach(self, step: Await, limit: float) -> tuple[Received, int]:
        """The next answer, read until what the step waits for is there, and how much of that is."""
        if self.failed:
            return Received(b"", (), None, self.failed), 0
        self._begin()
        awaited = self._awaited
        failure = await self._until(lambda: awaited.count(step) >= step.count, lambda: awaited.too_late(step), limit)
        return self._received(self.sent.unreported, failure), min(awaited.count(step), step.count)

    async def hear(self, limit: float) -> tuple[Message | None, str]:
        """The server's next WebSocket message, or None and why there is none."""
        frames = self.frames
        if frames is None:
            return None, self.failed or NOT_UPGRADED
        if not self._messages and not self.failed:
            self.failed = await self._until(lambda: bool(self._messages), lambda: frames.broken, limit)
        return (self._messages.popleft(), "") if self._messages else (None, self.failed)

    async def ping(self, limit: float) -> str:
        """Ask the server by a ping whether it still takes part: empty when it answered by pong or Close, or why not."""
        await self.say(websocket.message(Kind.PING, _PING), limit)
        return await self._until(self._answered_ping, lambda: self.frames is not None and self.frames.broken, limit)

    @property
    def between_frames(self) -> bool:
        """Whether all frames of the client are whole, so that a further one would be read as one."""
        return not self._said.surplus and not self._said.broken

    @property
    def heard_close(self) -> Message | None:
        """The server's first Close frame, whether a step heard it or not."""
        return self._closed

    @property
    def unheard_close(self) -> Message | None:
        """The same, when no step heard it."""
        return next((message for message in self._messages if message.kind is Kind.CLOSE), None)

    async def drain(self, limit: float) -> str:
        """Read until the server has ended its side: `closed` or `reset`, or `timed out` when it has not."""
        return await self._until(lambda: False, lambda: False, limit)

    def leave(self, *, reset: bool = False) -> None:
        """Close the connection from the client's side."""
        self.left = True
        self.failed = self.failed or CLOSED
        if reset:
            self.wire.reset()
        else:
            self.wire.close()

    def pause(self) -> None:
        """Read nothing until something is asked for again."""
        self.wire.pause()

    def half_close(self) -> None:
        """Say that nothing more will be sent, and go on reading."""
        try:
            self.wire.half_close()
        except OSError:  # the connection has ended already, which the next step sees
            self.cut = True

    def _begin(self) -> None:
        """Let the parser read the next answer, unless one is under way."""
        if not self._under_way:
            self._under_way = True
            method, self._origin = self.sent.next_due(self._clock())
            self.parser.begin(method, self._origin)
            self._awaited = Awaited(self.parser)

    async def _deliver(self, data: bytes, delivery: Delivery) -> None:
        pause = 0.0 if isinstance(delivery, str) else _PAUSE
        for piece in pieces(data, delivery):
            await self.wire.write(piece)
            if delivery != "at once":
                await asyncio.sleep(pause)

    async def _until(self, reached: Callable[[], bool], in_vain: Callable[[], bool], limit: float) -> str:
        """Read until it is reached, and say why if it is not."""
        try:
            async with asyncio.timeout(limit):
                while not reached():
                    if in_vain():
                        return self._why_in_vain()
                    if not await self._read():
                        return "" if reached() else RESET if self.wire.ending is Ending.RESET else CLOSED
        except TimeoutError:
            return TIMED_OUT
        return ""

    async def _read(self) -> bool:
        """Take the next bytes in; false when the server has ended its side."""
        read = await self.wire.read()
        if read is None:
            if self.wire.ending is Ending.FIN:
                self.parser.end()
            return False
        self._read_at = read.at
        if self.frames is not None:
            self._hear(read)
        else:
            self.parser.feed(read.data, read.at)
        return True

    def _hear(self, read: Read) -> None:
        if self.frames is not None:
            for message in self.frames.feed(read.data, read.at - self._origin):
                self._messages.append(message)
                if message.kind is Kind.CLOSE and self._closed is None:
                    self._closed = message

    def _answered_ping(self) -> bool:
        """Messages before the answer are let go: whether they come before it or after is chance."""
        while self._messages and self._messages[0].kind is not Kind.CLOSE:
            message = self._messages.popleft()
            if (message.kind, message.data) == (Kind.PONG, _PING):
                return True
        return bool(self._messages)

    def _unreadable(self) -> bool:
        return self.parser.state is State.BROKEN

    def _why_in_vain(self) -> str:
        if self.frames is not None:
            return UNREADABLE
        if not self._unreadable():
            return MISSED
        return f"{UNREADABLE}: {self.parser.faults[-1]}" if self.parser.faults else UNREADABLE

    def _received(self, sent: bytes, failure: str) -> Received:
        return Received(sent, tuple(self.parser.interim), self.parser.answer, failure)
