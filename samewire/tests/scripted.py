"""Servers that follow a script to the byte, and short ways to run steps on one and to look at what was observed."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from samewire.address import Address
from samewire.cases.model import Case
from samewire.exchange import Answered, Ended, Transcript
from samewire.run import run_case

Script = Callable[[StreamReader, StreamWriter], Awaitable[None]]


class Serve(Protocol):
    """Starts a server whose connections each follow a script; when that ends, the connection is closed."""

    def __call__(
        self, script: Script, /, *, socket: Path | None = None, tls: ssl.SSLContext | None = None
    ) -> Awaitable[Address]: ...


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start servers on 127.0.0.1 or at a Unix socket, in clear or over TLS; they end with the test."""
    servers: list[asyncio.Server] = []
    tasks: set[asyncio.Task[None]] = set()

    async def start(script: Script, /, *, socket: Path | None = None, tls: ssl.SSLContext | None = None) -> Address:
        async def connected(reader: StreamReader, writer: StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            try:
                await script(reader, writer)
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        scheme = "https" if tls else "http"
        if socket:
            servers.append(await asyncio.start_unix_server(connected, socket, ssl=tls))
            return Address(scheme, "localhost", 443 if tls else 80, socket=str(socket))
        servers.append(await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls))
        return Address(scheme, "127.0.0.1", servers[-1].sockets[0].getsockname()[1])

    yield start
    for server in servers:
        server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for server in servers:
        await server.wait_closed()


def answering(*answers: bytes, close: bool = True) -> Script:
    """A script that reads one head after another, and to each sends the next answer; then it closes, or waits."""

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        if not close:
            await reader.read()

    return script


def sized(body: bytes, *lines: bytes) -> bytes:
    """A 200 with Content-Length and further field lines."""
    fields = b"".join(line + b"\r\n" for line in lines)
    return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (fields, len(body), body)


GET: dict[str, Any] = {"send": {"target": "/"}}
RECEIVE: dict[str, Any] = {"receive": {"status": 200}}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CLOSE = b"Connection: close"


async def observe(address: Address, *steps: dict[str, Any], timeout: float = 5.0, probe: str = "/") -> Transcript:
    case = Case.model_validate({"id": "X-1", "title": "t", "why": "w", "steps": steps, "timeout": timeout})
    return await run_case(case, "target", address, probe=probe, run_token="r1")


def answered(transcript: Transcript, at: int = 0) -> Answered:
    seen = [one for one in transcript.observations if isinstance(one, Answered)]
    return seen[at]


def ended(transcript: Transcript, connection: str = "main") -> Ended:
    (seen,) = (one for one in transcript.observations if isinstance(one, Ended) and one.connection == connection)
    return seen


async def reset(_reader: StreamReader, writer: StreamWriter) -> None:
    await writer.drain()
    kernel = writer.get_extra_info("socket")
    kernel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
