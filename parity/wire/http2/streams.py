"""One HTTP/2 connection as a client sees it: each request a stream, its answer read when it is asked for."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    DataReceived,
    Event,
    InformationalResponseReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from parity.cases.model import Await, Raw, Request, Send
from parity.exchange import End, Field, Message
from parity.wire.awaited import Awaited
from parity.wire.connection import Ending
from parity.wire.conversation import CLOSED, MISSED, NOT_UPGRADED, RESET, TIMED_OUT, UNREADABLE, Received, Wire
from parity.wire.ending import Seen
from parity.wire.http2.frames import GoAway, goaway, whole_frames
from parity.wire.http2.stream import VERSION, Stream
from parity.wire.limits import LIMITS
from parity.wire.possible import NOT_POSSIBLE, OF_THE_CONNECTION
from parity.wire.written import Names, chunks_of, content_of, fields_of, target_of

_WINDOW = 1024 * 1024
"""Bytes that a server may send before they are read."""
_SETTINGS = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
    SettingCodes.MAX_HEADER_LIST_SIZE: LIMITS.head,
}
_STREAMS = 1000
"""Requests on one connection at the most."""


async def begin(wire: Wire) -> Streams:
    """Exchange the prefaces (RFC 9113 section 3.4); OSError when the server's is none."""
    streams = Streams(wire)
    failure = await streams.settle()
    if failure:
        raise OSError(f"the server does not speak HTTP/2 ({failure})")
    return streams


class Streams:
    """Asked as a `Conversation` is: nothing here raises for what a server does, nothing takes longer than `limit`.

    After the connection failed or an answer did not come in time, it is over: what is asked of it then fails alike.
    """

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.failed = ""
        self.left = False
        self._h2 = H2Connection(H2Configuration(validate_inbound_headers=False, normalize_inbound_headers=False))
        self._clock = asyncio.get_running_loop().time
        self._due: deque[Stream] = deque()
        self._by_number: dict[int, Stream] = {}
        self._last: Stream | None = None
        self._settled = False
        self._buffer = bytearray()
        self._going_away = ""
        self._awaited: tuple[Stream, Awaited] | None = None
        self._h2.local_settings = Settings(client=True, initial_values=_SETTINGS)
        self._h2.decoder.max_header_list_size = LIMITS.head
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_WINDOW)

    async def settle(self) -> str:
        """Wait for the server's SETTINGS; why they did not come, or an empty text. Has no limit of its own."""
        try:
            await self._flush()
            while not self._settled and not self.failed:
                await self._read()
        except OSError:
            self.failed = self.failed or RESET
        return self.failed

    async def send(self, step: Send, names: Names, limit: float) -> None:
        """Open a stream with the request, or with its head, or send the rest of it; ValueError for what can't be said."""
        if isinstance(step.send, Raw):
            raise ValueError(f"{NOT_POSSIBLE}bytes to the letter")
        if self.failed or self.left:
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
        return None, self.failed or NOT_UPGRADED

    async def receive(self, limit: float) -> Received:
        """The answer to the first request that is not answered yet, read to its end."""
        stream = self._due[0] if self._due else None
        if stream is None:
            return Received(b"", (), None, self.failed or await self._silence(limit))
        failure = await self._until(lambda: stream.over, lambda: False, limit)
        self._due.popleft()
        self._by_number.pop(stream.number, None)
        return _received(stream, "" if stream.ended else stream.failure or failure)

    async def reach(self, step: Await, limit: float) -> tuple[Received, int]:
        """The same, read until what the step waits for is there, and how much of that is."""
        stream = self._due[0] if self._due else None
        if stream is None:
            return Received(b"", (), None, self.failed or await self._silence(limit)), 0
        if self._awaited is None or self._awaited[0] is not stream:
            self._awaited = stream, Awaited(stream)
        awaited = self._awaited[1]
        failure = await self._until(lambda: awaited.count(step) >= step.count, lambda: awaited.too_late(step), limit)
        return _received(stream, failure), min(awaited.count(step), step.count)

    async def see_closed(self, limit: float) -> Seen:
        """Whether the server ends the connection within the limit; not after an error for which the client must do so
        (RFC 9113 section 5.4.1)."""
        if self.failed.startswith(UNREADABLE):
            return Seen(End.LEFT)
        try:
            async with asyncio.timeout(limit):
                while self.wire.ending is None:
                    await (self.wire.read() if self.failed else self._read())
        except TimeoutError:
            return Seen(End.STUCK)
        return Seen(End.RESET if self.wire.ending is Ending.RESET else End.CLOSED)

    async def see_end(self, follow_up: Send, names: Names, limit: float) -> Seen:
        """What becomes of the connection when a case is over; see `ending.see_end`."""
        if self.left:
            return Seen(End.LEFT)
        if self.failed == TIMED_OUT:
            return Seen(End.STUCK)
        if self.failed or self._going_away or self.wire.ending is not None:
            return await self.see_closed(limit)
        return Seen(End.LEFT) if self._due else await self.see_reusable(follow_up, names, limit)

    async def see_reusable(self, follow_up: Send, names: Names, limit: float) -> Seen:
        """Whether a further request is answered, with whatever status; a stream's error leaves its connection usable
        (RFC 9113 section 5.4.2)."""
        await self.send(follow_up, names, limit)
        received = await self.receive(limit)
        if not received.failure or not (self.failed or self._going_away):
            return Seen(End.REUSABLE)
        return Seen(End.STUCK) if received.failure == TIMED_OUT else await self.see_closed(limit)

    def pause(self) -> None:
        """As `Conversation.pause`; the server's windows are not opened any further, either."""
        self.wire.pause()

    def half_close(self) -> None:
        """ValueError: TCP's FIN would end the whole connection."""
        raise ValueError(f"{NOT_POSSIBLE}to close one direction of the connection")

    def leave(self, *, reset: bool = False) -> None:
        """Close the connection from the client's side."""
        self.left = True
        self.failed = self.failed or CLOSED
        if reset:
            self.wire.reset()
        else:
            self.wire.close()

    async def _open(self, request: Request, names: Names, content: bytes | None, *, whole: bool) -> None:
        if len(self._by_number) >= _STREAMS:
            raise OSError("too many requests on one connection")
        target = target_of(request, names)
        fields = [
            (name.lower(), value)
            for name, value in fields_of(request, names, content)
            if name.lower() not in OF_THE_CONNECTION and name.lower() != "host"
        ]
        pseudo = [(":method", request.method), (":scheme", names.scheme), (":authority", names.host), (":path", target)]
        number = self._h2.get_next_available_stream_id()
        head = _head(request.method, target, [("host", names.host), *fields])
        self._last = Stream(number, request.method, head, self._clock())
        self._due.append(self._last)
        self._by_number[number] = self._last
        if self._going_away:
            self._last.failure = self._going_away
            return
        coded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (*pseudo, *fields)]
        self._h2.send_headers(number, coded, end_stream=whole and not content)
        await self._flush()

    async def _send_content(self, content: bytes, sizes: tuple[int, ...] | None) -> None:
        """DATA frames, of the sizes of the case's chunks where it has them, as fast as the server's windows allow."""
        stream = self._last
        if stream is None or stream.over:
            return
        stream.sent += content
        for piece in chunks_of(content, sizes or ()):
            await self._send_data(stream, piece)
        if not stream.over:
            self._h2.end_stream(stream.number)
            await self._flush()

    async def _send_data(self, stream: Stream, piece: bytes) -> None:
        while piece and not stream.over and not self.failed:
            room = min(self._h2.local_flow_control_window(stream.number), self._h2.max_outbound_frame_size)
            if room > 0:
                self._h2.send_data(stream.number, piece[:room])
                piece = piece[room:]
                await self._flush()
            else:
                await self._read()

    async def _silence(self, limit: float) -> str:
        """What becomes of a wait for an answer that no request asked for."""
        self.failed = await self._until(lambda: False, lambda: False, limit)
        return self.failed

    async def _until(self, reached: Callable[[], bool], in_vain: Callable[[], bool], limit: float) -> str:
        """Read until it is reached, and say why if it is not."""
        try:
            async with asyncio.timeout(limit):
                while not reached():
                    if in_vain():
                        return MISSED
                    if self.failed:
                        return self.failed
                    await self._read()
        except TimeoutError:
            self.failed = TIMED_OUT
            return TIMED_OUT
        return ""

    async def _read(self) -> None:
        """Take the next bytes in, and send what they call for."""
        read = await self.wire.read()
        if read is None:
            self._fail(RESET if self.wire.ending is Ending.RESET else CLOSED)
            return
        self._buffer += read.data
        try:
            for frame in whole_frames(self._buffer):
                self._frame(frame, read.at)
        except ProtocolError as error:
            self._fail(f"{UNREADABLE}: {error or type(error).__name__}")
        await self._flush()

    def _frame(self, frame: bytes, at: float) -> None:
        """GOAWAY is read here: h2 would take nothing more after it, though open streams are still answered."""
        going = goaway(frame)
        if going is not None:
            self._terminated(going)
            return
        for event in self._h2.receive_data(frame):
            self._take(event, at)

    async def _flush(self) -> None:
        data = self._h2.data_to_send()
        if data:
            with contextlib.suppress(OSError):  # what the server sent before it ended the connection can still be read
                await self.wire.write(data)

    def _take(self, event: Event, at: float) -> None:
        match event:
            case RemoteSettingsChanged():
                self._settled = True
            case _:
                stream = self._by_number.get(getattr(event, "stream_id", None) or 0)
                if isinstance(event, DataReceived) and event.flow_controlled_length:
                    self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id or 0)
                if stream is not None:
                    _feed(stream, event, at)

    def _terminated(self, going: GoAway) -> None:
        """Streams up to the last one it names are still answered (RFC 9113 section 6.8)."""
        self._going_away = f"going away: {_code(going.code)}"
        for stream in self._by_number.values():
            if stream.number > going.last and not stream.over:
                stream.failure = self._going_away

    def _fail(self, why: str) -> None:
        self.failed = self.failed or why
        for stream in self._by_number.values():
            if not stream.over:
                stream.failure = self._going_away or why

    def _fail_last(self, why: str) -> None:
        if self._last is not None and not self._last.over:
            self._last.failure = f"{UNREADABLE}: {why}"


def _feed(stream: Stream, event: Event, at: float) -> None:
    match event:
        case InformationalResponseReceived(headers=headers):
            stream.informational(_texts(headers or ()), at)
        case ResponseReceived(headers=headers):
            stream.final(_texts(headers or ()), at)
        case DataReceived(data=data):
            stream.data(data or b"", at)
        case TrailersReceived(headers=headers):
            stream.trailers(_texts(headers or ()))
        case StreamEnded():
            stream.ended = True
        case StreamReset(error_code=code) if not stream.over:
            stream.failure = f"stream reset: {_code(code)}"
        case _:
            return


def _received(stream: Stream, failure: str) -> Received:
    return Received(stream.sent, tuple(stream.interim), stream.answer, failure)


def _texts(headers: Iterable[tuple[bytes | str, bytes | str]]) -> list[Field]:
    return [(_text(name), _text(value)) for name, value in headers]


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else bytes(data).decode("latin-1")


def _code(code: int | None) -> str:
    """By its name (RFC 9113 section 7), or as a number."""
    return ErrorCodes(code).name if code in list(ErrorCodes) else str(code)


def _head(method: str, target: str, fields: Iterable[Field]) -> bytes:
    """A request as it is written down, in the form of HTTP/1.1."""
    lines = [f"{method} {target} {VERSION}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join((*lines, "", "")).encode("latin-1")
