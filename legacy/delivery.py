"""Sending an answer, no faster than the client takes it."""

from __future__ import annotations

from collections.abc import AsyncIterable

from legacy.stream import Stream
from legacy.writer import LAST_CHUNK, Framing, chunk
from shared_handlers.host import HostState
from shared_handlers.joining import send_joined
from shared_handlers.message import Content, File

_PIECE = 65_536
"""Content up to this size leaves in one piece with its head; of more, no more than that waits for a slow reader."""


class Delivery:
    """One answer on its way."""

    __slots__ = ("_host", "_stream", "sent")

    def __init__(self, stream: Stream, host: HostState) -> None:
        self._stream = stream
        self._host = host
        self.sent = 0
        """Bytes of content handed over."""

    async def send(self, head: bytes, body: Content, framing: Framing, *, bodiless: bool) -> None:
        """Head and content; without content what the body holds is given back.

        Gone when the client does not take it; EOFError when a file has become shorter than was said; whatever an
        async iterable raises.
        """
        stream = self._stream
        if bodiless:
            stream.write(head)
            await self._give_back(body)
        elif isinstance(body, bytes):
            if len(body) <= _PIECE:
                stream.write(head + body)
            else:
                await self._large(head, memoryview(body))
            if stream.congested:
                await stream.drain()
            self.sent = len(body)
        elif isinstance(body, File):
            await self._file(head, body)
        else:
            await self._pieces(head, body, chunked=framing == "chunked")

    async def _large(self, head: bytes, body: memoryview) -> None:
        """The content but for its last piece is with the kernel, or nearly: what is written waits in memory, as a copy."""
        stream = self._stream
        stream.write(head)
        while len(body) > _PIECE:
            stream.write(body[:_PIECE])
            body = body[_PIECE:]
            self.sent += _PIECE
            await stream.drain()
        stream.write(body)

    async def _give_back(self, body: Content) -> None:
        if isinstance(body, File):
            body.close()
        elif not isinstance(body, bytes):
            await self._stream.run(_close(body))

    async def _file(self, head: bytes, file: File) -> None:
        try:
            self._stream.write(head)
            self.sent = await self._stream.send_file(file)
            if self.sent < file.length:
                raise EOFError("the file is shorter than it was when the answer began")
        finally:
            file.close()

    async def _pieces(self, head: bytes, body: AsyncIterable[bytes], *, chunked: bool) -> None:
        """The head, and pieces as they are made: what is at hand in one write, all of it before a wait."""
        await self._stream.run(self._pump(head, body, chunked), streaming=True)

    async def _pump(self, head: bytes, body: AsyncIterable[bytes], chunked: bool) -> None:
        """The iterable is closed whatever happens."""
        stream = self._stream
        iterator = aiter(body)
        first = head

        def framed(joined: bytes, last: bytes = b"") -> bytes:
            nonlocal first
            said, first = first, b""
            self.sent += len(joined)
            return b"".join((said, chunk(joined) if chunked and joined else joined, last))

        async def send(joined: bytes) -> None:
            stream.write(framed(joined))
            await stream.drain()

        self._host.streams += 1
        try:
            rest = await send_joined(iterator, send)
        finally:
            self._host.streams -= 1
            await _close(iterator)
        stream.write(framed(rest, LAST_CHUNK if chunked else b""))


async def _close(body: AsyncIterable[bytes]) -> None:
    close = getattr(body, "aclose", None)
    if close is not None:
        await close()
