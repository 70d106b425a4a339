"""A connection for tests that need to see when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class Line:
    """Bytes to and from a server on 127.0.0.1."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, text: str) -> None:
        self.writer.write(text.encode("latin-1"))
        await self.writer.drain()

    async def ask(self, target: str, *fields: str, method: str = "GET") -> str:
        """A request without content, and the head and sized content of its answer."""
        length = ("Content-Length: 0",) if method == "POST" else ()
        await self.send("\r\n".join((f"{method} {target} HTTP/1.1", "Host: test", *length, *fields, "", "")))
        return await self.answer()

    async def answer(self, limit: float = _LIMIT) -> str:
        """The next answer, which must have a Content-Length or none."""
        async with asyncio.timeout(limit):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next(
                (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0
            )
            return head + (await self.reader.readexactly(length)).decode("latin-1")

    async def rest(self, limit: float = _LIMIT) -> bytes:
        """All that comes until the server ends the connection."""
        async with asyncio.timeout(limit):
            return await self.reader.read()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Line]:
    """A connection, closed at the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()
