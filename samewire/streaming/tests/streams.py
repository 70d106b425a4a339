"""A server that makes five events with a small delay before each, and sends them one by one or all at the end."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Literal

from samewire.tests.scripted import Script

EVENTS = 5
DELAY = 0.02
"""Seconds."""
HEAD = (
    b"HTTP/1.1 200 OK\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\n"
    b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def stream(kind: Literal["incremental", "buffered"], after: bytes = b"") -> Script:
    """`after` is what each client is answered once one has left in the middle of a stream."""
    under_way: list[StreamReader] = []

    def somebody_left() -> bool:
        return any(reader.at_eof() or reader.exception() is not None for reader in under_way)

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(DELAY)
            if after and somebody_left():
                writer.write(after)
                return
            under_way.append(reader)
            await answer(reader, writer)
            under_way.remove(reader)
            if b"connection: close" in head.lower():
                return

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(HEAD)
        held = b""
        for number in range(EVENTS):
            event = b"data: %d\n\n" % number
            held += b"%x\r\n%b\r\n" % (len(event), event)
            if kind == "incremental":
                writer.write(held)
                held = b""
            await asyncio.sleep(DELAY)
            if reader.at_eof() or reader.exception() is not None:
                raise ConnectionResetError
        writer.write(held + b"0\r\n\r\n")
        await writer.drain()

    return script
