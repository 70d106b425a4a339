"""What a server keeps for clients that read nothing is bounded, however much they ask for."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contract_tests.handshake import ASKS
from contract_tests.process import Start
from contract_tests.test_memory import grown
from contract_tests.wire import Line, connected
from samewire.launch import Running

KIB = 1024
READERS = 40
MOST = 300 * KIB
"""Bytes that each of them may cost, everything included."""
ASKED = {"whole": "/probe/bytes/8388608", "stream": "/probe/flood/a", "file": "/static/large"}
_LIMIT = 20.0
_PING = b"\x89\xfd" + bytes(4 + 125)
"""A ping with as much content as may be, masked with zeros (RFC 6455 section 5.5)."""
_PINGS = 64 * KIB * KIB


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak is read from Linux's /proc")
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
async def test_readers_of_much_cost_little(start: Start, asked: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "large").touch()
    os.truncate(folder / "large", 64 * KIB * KIB)
    async with start(NLWEB_STATIC_DIRECTORY=str(folder), NLWEB_SERVER__WRITE_TIMEOUT="600") as process:

        async def read_nothing(line: Line) -> None:
            with ExitStack() as stack:
                for _ in range(READERS):
                    await _begun(stack.enter_context(closing(socket.socket())), process.port, asked)
                for _ in range(3):  # so all that is written for them at once has been
                    assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")

        async with connected(process.port) as line:  # what all answers share is made here
            await line.send(f"HEAD {asked} HTTP/1.1\r\nHost: test\r\n\r\n")
            assert (await line.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        assert await grown(process, process.port, read_nothing) / READERS < MOST


async def _begun(reader: socket.socket, port: int, asked: str) -> None:
    """A client whose answer has begun, and that reads no further."""
    loop = asyncio.get_running_loop()
    reader.setblocking(False)
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * KIB)  # or the kernel would take much of it
    async with asyncio.timeout(_LIMIT):
        await loop.sock_connect(reader, ("127.0.0.1", port))
        await loop.sock_sendall(reader, f"GET {asked} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        assert await loop.sock_recv(reader, 1) == b"H"


async def test_pongs_do_not_pile_up_for_who_does_not_read_them(start: Start) -> None:
    """Who has taken nothing for the write time-out is cut, although its pings go on."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in ASKS.items())
    async with start(NLWEB_SERVER__WRITE_TIMEOUT="1") as process, connected(process.port) as line:
        await line.send(f"GET /probe/ws/echo HTTP/1.1\r\nHost: test\r\n{fields}\r\n")
        await line.reader.readuntil(b"\r\n\r\n")
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        with pytest.raises(ConnectionError):
            await _ping_on(line)


async def _ping_on(line: Line) -> None:
    pings = _PING * 500
    async with asyncio.timeout(_LIMIT):
        for _ in range(_PINGS // len(pings)):
            line.writer.write(pings)
            await line.writer.drain()


@pytest.mark.parametrize("size", [65_536, 65_537, 131_072, 1_000_003])
async def test_large_content_is_whole_and_the_next_answer_follows_it(server: Running, size: int) -> None:
    port = urlsplit(server.url).port
    assert port is not None
    async with connected(port) as line:
        for version in ("1.1", "1.0"):
            await line.send(f"GET /probe/bytes/{size} HTTP/{version}\r\nHost: test\r\nConnection: keep-alive\r\n\r\n")
            head, _, content = (await line.answer()).partition("\r\n\r\n")
            assert f"\r\ncontent-length: {size}\r\n" in head.lower()
            assert content.encode("latin-1") == (bytes(range(256)) * (size // 256 + 1))[:size]
        assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")
