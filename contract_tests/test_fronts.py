"""nginx and HAProxy before each server: whatever is hidden in a message, no request is carried out that they did not see."""

from __future__ import annotations

import asyncio
import re
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from contract_tests.fronts import KINDS, fronted, understood
from contract_tests.process import Start
from contract_tests.smuggled import HIDDEN, messages, prefixes

_AT_A_TIME = 128
_LIMIT = 30.0
_ID = re.compile(rf"{HIDDEN}(\d{{6}})\b")
EXTENTS = [
    pytest.param(False, id="each"),
    pytest.param(True, id="all", marks=[pytest.mark.soak, pytest.mark.timeout(600)]),
]
fronts = pytest.mark.parametrize(
    "front",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                kind.path is None, reason=f"{name} is not installed: apt-get install {kind.package}"
            ),
        )
        for name, kind in KINDS.items()
    ],
)


@fronts
@pytest.mark.parametrize("everywhere", EXTENTS)
async def test_no_hidden_request_is_carried_out(start: Start, front: str, everywhere: bool, tmp_path: Path) -> None:
    sent = dict(messages(prefixes(), everywhere=everywhere))
    assert len(sent) > (1000 if everywhere else 150)
    kind = KINDS[front]
    async with start() as process:
        async with fronted(kind, tmp_path / front, process.port) as (port, child):
            confused = await _said(port, sent)
            seen = _counted(await understood(kind, tmp_path / front, child))
        process.signal(signal.SIGTERM)
        await process.exit_status()
        executed = _counted(str(record["target"]) for record in await process.recorded(0))
    assert not {id: sent[id] for id in executed - seen}, "the server carried out what the proxy took for content"
    assert not {id: sent[id] for id in confused}, "who asked after these got the answer to another question"
    assert executed, "no message reached the server"


@fronts
async def test_a_server_that_can_be_deceived_is_found(front: str, tmp_path: Path) -> None:
    """One that takes no content but of POST, so that the content of GET is the next request."""
    sent = dict(messages(prefixes(), everywhere=False))
    kind = KINDS[front]
    async with _naive() as (host, targets), fronted(kind, tmp_path / front, host) as (port, child):
        await _said(port, sent)
        seen = _counted(await understood(kind, tmp_path / front, child))
    assert _counted(targets) - seen


def _counted(lines: Iterable[str]) -> Counter[str]:
    """How often each hidden request stands in them."""
    return Counter(found[1] for line in lines if (found := _ID.search(line)) is not None)


async def _said(port: int, sent: dict[str, bytes]) -> list[str]:
    """Send each message; the ids of those after which another client got an answer that is not its own."""
    room = asyncio.Semaphore(_AT_A_TIME)

    async def one(id: str, message: bytes) -> bool:
        async with room:
            return await _send(port, id, message)

    answers = await asyncio.gather(*(one(id, message) for id, message in sent.items()))
    return [id for id, sound in zip(sent, answers, strict=True) if not sound]


async def _send(port: int, id: str, message: bytes) -> bool:
    """Send a message and, once it is being answered, another client's request; True when that got its own answer, or none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with suppress(ConnectionError):
            async with asyncio.timeout(_LIMIT):
                writer.write(message)
                await reader.read(1)
        sound = await _own_answer(port, f"9{id}")
        with suppress(ConnectionError):
            async with asyncio.timeout(_LIMIT):
                await reader.read()  # the proxy ends it, for it is idle
        return sound
    finally:
        writer.close()


async def _own_answer(port: int, id: str) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(_LIMIT):
            writer.write(f"GET {HIDDEN}{id} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
    finally:
        writer.close()
    # A connection to the server may have ended while this was sent on it.
    return f'"{id}"'.encode() in answer or re.match(rb"HTTP/1.1 50[234] |\Z", answer) is not None


@asynccontextmanager
async def _naive() -> AsyncIterator[tuple[int, list[str]]]:
    """A server that can be deceived: its port, and the targets of the requests that it has carried out."""
    targets: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, target, *_ = (*head.split(" ", 2), "")
                targets.append(target)
                length = re.search(r"(?i)\r\ncontent-length: *(\d{1,6})\r\n", head)
                if method == "POST" and length is not None:
                    await reader.readexactly(int(length[1]))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], targets
    finally:
        server.close()
