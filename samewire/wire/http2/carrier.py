"""The frames of one HTTP/2 connection: what comes goes to the stream it is for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence

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

from samewire.exchange import Field
from samewire.wire.connection import Ending
from samewire.wire.conversation import CLOSED, MISSED, RESET, TIMED_OUT, UNREADABLE, Wire
from samewire.wire.http2.frames import GoAway, goaway, whole_frames
from samewire.wire.http2.stream import Stream
from samewire.wire.limits import LIMITS

_WINDOW = 1024 * 1024
"""Bytes that a server may send before they are read."""
_SETTINGS = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
    SettingCodes.MAX_HEADER_LIST_SIZE: LIMITS.head,
}
_STREAMS = 1000
"""Requests under way on one connection at the most."""


class Carrier:
    """Raises nothing for what a server sends; h2.exceptions.ProtocolError for a stream that can't be written any more."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.failed = ""
        """Why the connection is over."""
        self.going_away = ""
        """What the server's GOAWAY says, once it came."""
        self._streams: dict[int, Stream] = {}
        self._settled = False
        self._buffer = bytearray()
        self._h2 = H2Connection(H2Configuration(validate_inbound_headers=False, normalize_inbound_headers=False))
        self._h2.local_settings = Settings(client=True, initial_values=_SETTINGS)
        self._h2.decoder.max_header_list_size = LIMITS.head
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_WINDOW)

    async def settle(self) -> str:
        """Wait for the server's SETTINGS; why they did not come, or an empty text. Has no limit of its own."""
        try:
            await self.flush()
            while not self._settled and not self.failed:
                await self.read()
        except OSError:
            self.failed = self.failed or RESET
        return self.failed

    async def open(self, fields: Sequence[Field], sent: bytes, at: float, *, end: bool) -> Stream:
        """A stream with these fields, `:method` the first; after GOAWAY it has failed from the start."""
        if len(self._streams) >= _STREAMS:
            raise OSError("too many requests on one connection")
        number = self._h2.get_next_available_stream_id()
        stream = self._streams[number] = Stream(number, fields[0][1], sent, at)
        stream.failure = self.going_away
        if not self.going_away:
            coded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]
            self._h2.send_headers(number, coded, end_stream=end)
            await self.flush()
        return stream

    def forget(self, stream: Stream) -> None:
        self._streams.pop(stream.number, None)

    async def send(self, stream: Stream, pieces: Iterable[bytes]) -> None:
        """DATA frames, as fast as the server's windows allow, and END_STREAM."""
        for piece in pieces:
            await self._send_data(stream, piece)
        if not stream.over:
            self._h2.end_stream(stream.number)
            await self.flush()

    async def until(self, reached: Callable[[], bool], in_vain: Callable[[], bool], limit: float) -> str:
        """Read until it is reached, and say why if it is not."""
        try:
            async with asyncio.timeout(limit):
                while not reached():
                    if in_vain():
                        return MISSED
                    if self.failed:
                        return self.failed
                    await self.read()
        except TimeoutError:
            self.failed = TIMED_OUT
            return TIMED_OUT
        return ""

    async def read(self) -> None:
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
        await self.flush()

    def _frame(self, frame: bytes, at: float) -> None:
        """GOAWAY is read here: h2 would take nothing more after it, though open streams are still answered."""
        going = goaway(frame)
        if going is not None:
            self._terminated(going)
            return
        for event in self._h2.receive_data(frame):
            self._take(event, at)

    async def flush(self) -> None:
        data = self._h2.data_to_send()
        if data:
            with contextlib.suppress(OSError):  # what the server sent before it ended the connection can still be read
                await self.wire.write(data)

    def _take(self, event: Event, at: float) -> None:
        match event:
            case RemoteSettingsChanged():
                self._settled = True
            case _:
                stream = self._streams.get(getattr(event, "stream_id", None) or 0)
                if isinstance(event, DataReceived) and event.flow_controlled_length:
                    self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id or 0)
                if stream is not None:
                    _feed(stream, event, at)

    def _terminated(self, going: GoAway) -> None:
        """Streams up to the last one it names are still answered (RFC 9113 section 6.8)."""
        self.going_away = f"going away: {_code(going.code)}"
        for stream in self._streams.values():
            if stream.number > going.last and not stream.over:
                stream.failure = self.going_away

    def _fail(self, why: str) -> None:
        self.failed = self.failed or why
        for stream in self._streams.values():
            if not stream.over:
                stream.failure = self.going_away or why

    async def _send_data(self, stream: Stream, piece: bytes) -> None:
        while piece and not stream.over and not self.failed:
            room = min(self._h2.local_flow_control_window(stream.number), self._h2.max_outbound_frame_size)
            if room > 0:
                self._h2.send_data(stream.number, piece[:room])
                piece = piece[room:]
                await self.flush()
            else:
                await self.read()


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


def _texts(headers: Iterable[tuple[bytes | str, bytes | str]]) -> list[Field]:
    return [(_text(name), _text(value)) for name, value in headers]


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else bytes(data).decode("latin-1")


def _code(code: int | None) -> str:
    """By its name (RFC 9113 section 7), or as a number."""
    return ErrorCodes(code).name if code in list(ErrorCodes) else str(code)
