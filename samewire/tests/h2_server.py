"""An HTTP/2 server on the library h2 whose streams each follow a script, frame by frame."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset, WindowUpdated
from h2.exceptions import ProtocolError

Headers = dict[str, str]


@dataclass
class Asked:
    """A stream, and what a script may do with it."""

    h2: H2Connection
    number: int
    headers: Headers
    writer: StreamWriter
    body: bytearray = field(default_factory=bytearray)
    whole: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when END_STREAM came, or RST_STREAM."""
    window: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever the client allows more."""

    def head(self, status: str, *fields: tuple[str, str], end: bool = False) -> None:
        self.h2.send_headers(self.number, [(":status", status), *fields], end_stream=end)
        self.flush()

    async def data(self, data: bytes, *, end: bool = False) -> None:
        """As the client's window allows."""
        while True:
            room = min(self.h2.local_flow_control_window(self.number), self.h2.max_outbound_frame_size)
            if data and room <= 0:
                self.window.clear()
                await self.window.wait()
                continue
            self.h2.send_data(self.number, data[:room], end_stream=end and len(data) <= room)
            self.flush()
            data = data[room:]
            if not data:
                return
            await self.writer.drain()

    def flush(self) -> None:
        self.writer.write(self.h2.data_to_send())


Behaviour = Callable[[Asked], Awaitable[None]]


def speaking_h2(behaviour: Behaviour) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    """A script for the fixture `serve`: each request, as soon as its head is there, is given to `behaviour`."""

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        h2 = H2Connection(_UNCHECKED)
        h2.initiate_connection()
        writer.write(h2.data_to_send())
        streams: dict[int, Asked] = {}
        async with asyncio.TaskGroup() as group:
            with contextlib.suppress(ProtocolError):
                while data := await reader.read(65536):
                    for event in h2.receive_data(data):
                        if isinstance(event, RequestReceived):
                            asked = _asked(h2, event, writer)
                            streams[asked.number] = asked
                            group.create_task(behaviour(asked))  # type: ignore[arg-type]
                        _take(event, streams)
                    writer.write(h2.data_to_send())
            for stream in streams.values():
                stream.whole.set()

    return script


_UNCHECKED = H2Configuration(
    client_side=False, header_encoding="latin-1", validate_outbound_headers=False, normalize_outbound_headers=False
)


def _asked(h2: H2Connection, event: RequestReceived, writer: StreamWriter) -> Asked:
    named = {str(name): str(value) for name, value in event.headers or ()}
    return Asked(h2, event.stream_id or 0, named, writer)


def _take(event: Event, streams: dict[int, Asked]) -> None:
    match event:
        case DataReceived(stream_id=int(number), data=content, flow_controlled_length=length):
            streams[number].body += content or b""
            streams[number].h2.acknowledge_received_data(length or 0, number)
        case StreamEnded(stream_id=int(number)) | StreamReset(stream_id=int(number)) if number in streams:
            streams[number].whole.set()
        case WindowUpdated():
            for stream in streams.values():
                stream.window.set()
