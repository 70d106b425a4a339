"""Sending the content of an answer, no faster than the client takes it."""

from __future__ import annotations

from collections.abc import AsyncIterable

from legacy.stream import Stream
from legacy.writer import LAST_CHUNK, chunk
from shared_handlers.message import File

_JOINED = 65_536
"""Content up to this size leaves in one piece with its head."""


class Delivery:
    """One answer on its way; `sent` counts the bytes of its content, `whole` says that all has been handed over."""

    __slots__ = ("_stream", "sent", "whole")

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.sent = 0
        self.whole = False

    async def nothing(self, head: bytes, body: bytes | File | AsyncIterable[bytes]) -> None:
        """The head alone; what the body holds is given back."""
        self._stream.write(head)
        if isinstance(body, File):
            body.close()
        elif not isinstance(body, bytes):
            await self._stream.run(_close(body))
        self.whole = True

    async def sized(self, head: bytes, body: bytes) -> None:
        """Content that is at hand."""
        stream = self._stream
        if len(body) <= _JOINED:
            stream.write(head + body)
        else:
            stream.write(head)
            stream.write(body)
        if stream.congested:
            await stream.drain()
        self.sent = len(body)
        self.whole = True

    async def file(self, head: bytes, file: File) -> None:
        """A part of a file; EOFError when the file has become shorter than was said."""
        try:
            self._stream.write(head)
            self.sent = await self._stream.send_file(file)
            if self.sent < file.length:
                raise EOFError("the file is shorter than it was when the answer began")
            self.whole = True
        finally:
            file.close()

    async def pieces(self, head: bytes, body: AsyncIterable[bytes], *, chunked: bool) -> None:
        """Pieces as they are made, each sent at once; the iterable is closed whatever happens."""
        self._stream.write(head)
        await self._stream.run(self._pump(body, chunked), streaming=True)
        self.whole = True

    async def _pump(self, body: AsyncIterable[bytes], chunked: bool) -> None:
        stream = self._stream
        iterator = aiter(body)
        try:
            async for piece in iterator:
                if piece:
                    stream.write(chunk(piece) if chunked else piece)
                    self.sent += len(piece)
                    await stream.drain()
        finally:
            await _close(iterator)
        if chunked:
            stream.write(LAST_CHUNK)


async def _close(body: AsyncIterable[bytes]) -> None:
    close = getattr(body, "aclose", None)
    if close is not None:
        await close()
