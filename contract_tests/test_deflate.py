"""permessage-deflate where a case can't show it: long messages both ways, the bytes sent, what bombs cost."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate

from contract_tests.process import Process, Start
from contract_tests.test_memory import MOST, grown
from contract_tests.wire import Line, connected

LIMIT = 20.0
MIB = 1 << 20
HANDSHAKE = (
    "GET /probe/ws/echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
_PROC = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="the peak of a process is read from Linux's /proc"
)


def deflated(content: bytes, level: int = 9) -> bytes:
    """RFC 7692 section 7.2.1, in the largest window."""
    coder = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (coder.compress(content) + coder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


@asynccontextmanager
async def opened(process: Process, window: int | None = None) -> AsyncIterator[ClientConnection]:
    """An echo on which compression was agreed on, in whichever window the server is to use."""
    offer = ClientPerMessageDeflateFactory(server_max_window_bits=window, client_max_window_bits=True)
    url = f"ws://127.0.0.1:{process.port}/probe/ws/echo"
    async with asyncio.timeout(LIMIT), connect(url, extensions=[offer], max_size=None, proxy=None) as socket:
        (agreed,) = socket.protocol.extensions
        assert isinstance(agreed, PerMessageDeflate)
        assert agreed.remote_no_context_takeover
        assert agreed.local_no_context_takeover
        assert agreed.remote_max_window_bits == (window or 15)
        yield socket


@pytest.mark.parametrize("window", [None, 9, 12, 15])
async def test_long_messages_come_back_whole(start: Start, window: int | None) -> None:
    words = ("Grüße, 世界 😀 " * 60_000).encode()[:MIB].decode(errors="ignore")
    noise = random.Random(window).randbytes(MIB)  # its compressed form is longer than the limit
    async with start() as process, opened(process, window) as socket:
        for message in ("x" * MIB, words, noise, bytes(MIB), "hello", b"", noise[:300]):
            await socket.send(message)
            assert await socket.recv() == message


async def test_one_byte_too_many_is_1009_and_the_server_goes_on(start: Start) -> None:
    async with start() as process:
        async with opened(process) as socket:
            await socket.send(bytes(MIB + 1))
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 1009
        async with opened(process) as socket:
            await socket.send("still there")
            assert await socket.recv() == "still there"


@pytest.mark.parametrize(("text", "compressed"), [("x" * 255, False), ("hello " * 50, True)])
async def test_what_is_sent_is_compressed_from_256_bytes_on_alike_on_every_server(
    start: Start, text: str, compressed: bool
) -> None:
    payload = deflated(text.encode(), zlib.Z_BEST_SPEED) if compressed else text.encode()
    size = bytes((len(payload),)) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2)
    expected = (b"\xc1" if compressed else b"\x81") + size + payload
    async with start() as process, connected(process.port) as line:
        await line.send(HANDSHAKE)
        assert "server_no_context_takeover" in await line.answer()
        for _ in range(2):  # the second as the first: nothing is kept between them
            line.writer.write(b"\x81\xfe" + len(text).to_bytes(2) + bytes(4) + text.encode())
            assert await asyncio.wait_for(line.reader.readexactly(len(expected)), LIMIT) == expected


@_PROC
async def test_compressed_messages_that_nobody_takes_do_not_pile_up_decoded(start: Start) -> None:
    """A mebibyte each, 2,000 of them in two megabytes that arrive together."""
    coded = deflated(bytes(MIB))
    message = b"\xc2\xfe" + len(coded).to_bytes(2) + bytes(4) + coded

    async def floods(line: Line) -> None:
        await line.send(HANDSHAKE)
        await line.answer()
        line.writer.write(message * 2_000)
        for _ in range(2_000):
            head = await line.reader.readexactly(4)
            assert head[:2] == b"\xc2\x7e"
            await line.reader.readexactly(int.from_bytes(head[2:]))

    async with start() as process:
        assert await grown(process, process.port, floods) < MOST


@_PROC
async def test_a_bomb_costs_no_more_than_the_limit(start: Start) -> None:
    """A gibibyte in a mebibyte."""
    coder = zlib.compressobj(9, zlib.DEFLATED, -15)
    coded = b"".join(coder.compress(bytes(MIB)) for _ in range(1024)) + coder.flush(zlib.Z_SYNC_FLUSH)

    async def bombs(line: Line) -> None:
        await line.send(HANDSHAKE)
        await line.answer()
        line.writer.write(b"\xc2\xff" + len(coded).to_bytes(8) + bytes(4) + coded)
        assert await asyncio.wait_for(line.reader.readexactly(4), LIMIT) == b"\x88\x02\x03\xf1"

    async with start() as process:
        assert await grown(process, process.port, bombs) < MOST
