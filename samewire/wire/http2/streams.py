"""One HTTP/2 connection as a client sees it: each request a stream, its answer read when it is asked for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from h2.exceptions import ProtocolError

from samewire.ascii import lower
from samewire.cases.model import Await, Raw, Request, Send
from samewire.exchange import End, Field, Message
from samewire.wire.awaited import Awaited
from samewire.wire.connection import Ending
from samewire.wire.conversation import CLOSED, NOT_UPGRADED, TIMED_OUT, UNREADABLE, Received, Wire
from samewire.wire.ending import Seen
from samewire.wire.http2.carrier import Carrier
from samewire.wire.http2.stream import VERSION, Stream
from samewire.wire.possible import NOT_POSSIBLE, OF_THE_CONNECTION
from samewire.wire.written import Names, chunks_of, content_of, fields_of, target_of


async def begin(wire: Wire) -> Streams:
    """Exchange the prefaces (RFC 9113 section 3.4); OSError when the server's is none."""
    carrier = Carrier(wire)
    failure = await carrier.settle()
    if failure:
        raise OSError(f"the server does not speak HTTP/2 ({failure})")
    return Streams(carrier)


class Streams:
    """Asked as a `Conversation` is: nothing here raises for what a server does, nothing takes longer than `limit`.

    After the connection failed or an answer did not come in time, it is over: what is asked of it then fails alike.
    """

    def __init__(self, carrier: Carrier) -> None:
        self.left = False
        self._carrier = carrier
        self._wire = carrier.wire
        self._clock = asyncio.get_running_loop().time
        self._due: deque[Stream] = deque()
        self._last: Stream | None = None
        self._awaited: tuple[Stream, Awaited] | None = None

    async def send(self, step: Send, names: Names, limit: float) -> None:
        """Open a stream with the request, or with its head, or send the rest of it; ValueError for what can't be said."""
        if isinstance(step.send, Raw):
            raise ValueError(f"{NOT_POSSIBLE}bytes to the letter")
        if self._carrier.failed or self.left:
            return
        content = content_of(step.send, names)
        try:
            async with asyncio.timeout(limit):
                if step.part != "body":
                    await self._open(step.send, names, content, whole=step.part == "all")
                if step.part == "body" or (step.part == "all" and content):
                    await self._send_content(content or b"", step.send.chunks)
        except OSError:  # TimeoutError among them; what the server did instead of reading, the next step sees
            pass
        except ProtocolError as error:  # of a stream or connection that the server has ended by now
            self._fail_last(str(error))

    async def say(self, data: bytes, limit: float) -> None:
        """ValueError: there is no WebSocket here."""
        raise ValueError(f"{NOT_POSSIBLE}WebSocket by Upgrade")

    async def hear(self, limit: float) -> tuple[Message | None, str]:
        return None, self._carrier.failed or NOT_UPGRADED

    async def receive(self, limit: float) -> Received:
        """The answer to the first request that is not answered yet, read to its end."""
        stream = self._due[0] if self._due else None
        if stream is None:
            return Received(b"", (), None, self._carrier.failed or await self._silence(limit))
        failure = await self._carrier.until(lambda: stream.over, lambda: False, limit)
        self._due.popleft()
        self._carrier.forget(stream)
        return _received(stream, "" if stream.ended else stream.failure or failure)

    async def reach(self, step: Await, limit: float) -> tuple[Received, int]:
        """The same, read until what the step waits for is there, and how much of that is."""
        stream = self._due[0] if self._due else None
        if stream is None:
            return Received(b"", (), None, self._carrier.failed or await self._silence(limit)), 0
        if self._awaited is None or self._awaited[0] is not stream:
            self._awaited = stream, Awaited(stream)
        awaited = self._awaited[1]
        failure = await self._carrier.until(
            lambda: awaited.count(step) >= step.count, lambda: awaited.too_late(step), limit
        )
        return _received(stream, failure), min(awaited.count(step), step.count)

    async def see_closed(self, limit: float) -> Seen:
        """Whether the server ends the connection within the limit; not after an error for which the client must do so
        (RFC 9113 section 5.4.1)."""
        if self._carrier.failed.startswith(UNREADABLE):
            return Seen(End.LEFT)
        try:
            async with asyncio.timeout(limit):
                while self._wire.ending is None:
                    await (self._wire.read() if self._carrier.failed else self._carrier.read())
        except TimeoutError:
            return Seen(End.STUCK)
        return Seen(End.RESET if self._wire.ending is Ending.RESET else End.CLOSED)

    async def see_end(self, follow_up: Send, names: Names, limit: float) -> Seen:
        """What becomes of the connection when a case is over; see `ending.see_end`."""
        if self.left:
            return Seen(End.LEFT)
        if self._carrier.failed == TIMED_OUT:
            return Seen(End.STUCK)
        if self._carrier.failed or self._carrier.going_away or self._wire.ending is not None:
            return await self.see_closed(limit)
        return Seen(End.LEFT) if self._due else await self.see_reusable(follow_up, names, limit)

    async def see_reusable(self, follow_up: Send, names: Names, limit: float) -> Seen:
        """Whether a further request is answered, with whatever status; a stream's error leaves its connection usable
        (RFC 9113 section 5.4.2)."""
        await self.send(follow_up, names, limit)
        received = await self.receive(limit)
        if not received.failure or not (self._carrier.failed or self._carrier.going_away):
            return Seen(End.REUSABLE)
        return Seen(End.STUCK) if received.failure == TIMED_OUT else await self.see_closed(limit)

    def pause(self) -> None:
        """As `Conversation.pause`; the server's windows are not opened any further, either."""
        self._wire.pause()

    def half_close(self) -> None:
        """ValueError: TCP's FIN would end the whole connection."""
        raise ValueError(f"{NOT_POSSIBLE}to close one direction of the connection")

    def leave(self, *, reset: bool = False) -> None:
        """Close the connection from the client's side."""
        self.left = True
        self._carrier.failed = self._carrier.failed or CLOSED
        if reset:
            self._wire.reset()
        else:
            self._wire.close()

    async def _open(self, request: Request, names: Names, content: bytes | None, *, whole: bool) -> None:
        target = target_of(request, names)
        fields = [
            (lower(name), value)
            for name, value in fields_of(request, names, content)
            if lower(name) not in OF_THE_CONNECTION and lower(name) != "host"
        ]
        pseudo = [(":method", request.method), (":scheme", names.scheme), (":authority", names.host), (":path", target)]
        written = _head(request.method, target, [("host", names.host), *fields])
        self._last = await self._carrier.open((*pseudo, *fields), written, self._clock(), end=whole and not content)
        self._due.append(self._last)

    async def _send_content(self, content: bytes, sizes: tuple[int, ...] | None) -> None:
        """In DATA frames of the sizes of the case's chunks, where it has them."""
        if self._last is not None and not self._last.over:
            self._last.sent += content
            await self._carrier.send(self._last, chunks_of(content, sizes or ()))

    async def _silence(self, limit: float) -> str:
        """What becomes of a wait for an answer that no request asked for."""
        self._carrier.failed = await self._carrier.until(lambda: False, lambda: False, limit)
        return self._carrier.failed

    def _fail_last(self, why: str) -> None:
        if self._last is not None and not self._last.over:
            self._last.failure = f"{UNREADABLE}: {why}"


def _received(stream: Stream, failure: str) -> Received:
    return Received(stream.sent, tuple(stream.interim), stream.answer, failure)


def _head(method: str, target: str, fields: Iterable[Field]) -> bytes:
    """A request as it is written down, in the form of HTTP/1.1."""
    lines = [f"{method} {target} {VERSION}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join((*lines, "", "")).encode("latin-1")
