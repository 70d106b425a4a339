"""A client for tests that sends bytes and reads answers as they stand."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import orjson
from multidict import CIMultiDict

LIMIT = 5.0


class Answer(NamedTuple):
    """One final answer, and how many interim ones came before it."""

    version: str
    status: int
    headers: CIMultiDict[str]
    content: bytes
    interim: int

    @property
    def json(self) -> Any:
        return orjson.loads(self.content)


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: str | bytes) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)
        await self.writer.drain()

    def finish(self) -> None:
        """Close the sending half."""
        self.writer.write_eof()

    def reset(self) -> None:
        """Leave at once, so that it can't be taken for having sent all."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def get(self, target: str, *fields: str, method: str = "GET", content: bytes = b"") -> Answer:
        """Ask, with a Host, and read the answer."""
        await self.send(request(target, *fields, method=method) + content)
        return await self.answer(method)

    async def head(self) -> tuple[str, CIMultiDict[str]]:
        async with asyncio.timeout(LIMIT):
            first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")[:-4].split("\r\n")
        return first, CIMultiDict((name, value) for name, _, value in (line.partition(": ") for line in lines))

    async def answer(self, method: str = "GET") -> Answer:
        interim = 0
        first, headers = await self.head()
        while first.split(" ")[1].startswith("1"):
            interim += 1
            first, headers = await self.head()
        version, status = first.split(" ")[:2]
        bodyless = method == "HEAD" or status in {"204", "304"}
        return Answer(version, int(status), headers, b"" if bodyless else await self._content(headers), interim)

    async def chunk(self) -> bytes:
        async with asyncio.timeout(LIMIT):
            size = int(await self.reader.readline(), 16)
            return (await self.reader.readexactly(size + 2))[:-2]

    async def rest(self) -> bytes:
        """What comes until the server ends the connection; ConnectionResetError when it cuts it."""
        async with asyncio.timeout(LIMIT):
            return await self.reader.read()

    async def _content(self, headers: CIMultiDict[str]) -> bytes:
        async with asyncio.timeout(LIMIT):
            if "Content-Length" in headers:
                return await self.reader.readexactly(int(headers["Content-Length"]))
            if "Transfer-Encoding" not in headers:
                return await self.reader.read()
            content = b""
            while piece := await self.chunk():
                content += piece
            return content


def request(target: str, *fields: str, method: str = "GET") -> bytes:
    """A request head with a Host."""
    return "\r\n".join((f"{method} {target} HTTP/1.1", "Host: localhost", *fields, "", "")).encode()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()


async def until(holds: Callable[[], bool]) -> None:
    """Give the loop turns until it holds."""
    async with asyncio.timeout(LIMIT):
        while not holds():  # noqa: ASYNC110  (what it looks at is not ours to signal)
            await asyncio.sleep(0.005)
