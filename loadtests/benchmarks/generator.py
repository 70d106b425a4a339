"""A closed loop of raw keep-alive connections: the next request goes out when the answer is whole."""

from __future__ import annotations

import asyncio
from typing import NamedTuple
from urllib.parse import urlsplit


class Count(NamedTuple):
    answers: int
    seconds: float


class _Connection(asyncio.Protocol):
    """One request at a time; an answer is whole when its Content-Length is, or its last chunk has come."""

    def __init__(self, request: bytes, run: _Run) -> None:
        self._request = request
        self._run = run
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0 or not _whole(self._received, head):
            return
        if not self._received.startswith(b"HTTP/1.1 200"):
            self._run.fail(f"unexpected answer: {bytes(self._received[:200])!r}")
            return
        self._received.clear()
        if self._run.next() and self._transport is not None:
            self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._run.done.done():
            self._run.fail(f"the server closed a connection: {exc}")


class _Run:
    def __init__(self, requests: int) -> None:
        self._left = requests
        self._missing = requests
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        self._left -= 1

    def next(self) -> bool:
        self._missing -= 1
        if self._missing <= 0 and not self.done.done():
            self.done.set_result(None)
        self._left -= 1
        return self._left >= 0

    def fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(why))


async def load(url: str, target: str, connections: int, requests: int) -> Count:
    """So many GETs over so many connections; raises RuntimeError at the first answer that isn't 200."""
    loop = asyncio.get_running_loop()
    where = urlsplit(url)
    request = f"GET {target} HTTP/1.1\r\nHost: {where.netloc}\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".encode()
    run = _Run(requests)
    started = loop.time()
    transports = []
    for _ in range(connections):
        run.start()
        transport, _ = await loop.create_connection(
            lambda: _Connection(request, run), where.hostname or "", where.port or 80
        )
        transports.append(transport)
    try:
        async with asyncio.timeout(120):
            await run.done
    finally:
        seconds = loop.time() - started
        for transport in transports:
            transport.abort()
    return Count(requests, seconds)


def _whole(received: bytearray, head: int) -> bool:
    """Whether the answer whose head ends there is complete; no content here looks like a last chunk."""
    for line in bytes(received[:head]).split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(received) >= head + 4 + int(value)
    return received.endswith(b"\r\n0\r\n\r\n")
