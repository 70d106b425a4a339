"""A provider that answers what a test says: each path with a status, fields and content of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple


class Told(NamedTuple):
    """One answer."""

    content: bytes
    status: int = 200
    fields: tuple[str, ...] = ()
    """Whole lines."""


@asynccontextmanager
async def telling(answers: Mapping[str, Told]) -> AsyncIterator[str]:
    """Its URL; `answers` are looked at for each request anew, by path."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            told = answers[head.split()[1]]
            lines = (
                f"HTTP/1.1 {told.status} X",
                f"Content-Length: {len(told.content)}",
                *told.fields,
                "Connection: close",
            )
            writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode() + told.content)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
