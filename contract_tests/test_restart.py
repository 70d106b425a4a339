"""Restarts under load: the new server listens before the old one drains, and no request is lost."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from contract_tests.contract import Contract
from contract_tests.process import Process, started
from samewire.targets import Command, resolve

KEEPING, CONNECTING = 16, 4
"""Clients that keep their connection, and that make one for each request."""
LIMIT = 20.0
BETWEEN = 200
"""Requests that are answered between two restarts."""


@dataclass(slots=True)
class Load:
    """Clients that never ask twice: what has no whole answer is lost."""

    port: int
    answered: int = 0
    lost: list[str] = field(default_factory=list)
    over: bool = False

    async def client(self, number: int, *, keeps: bool) -> None:
        chance = random.Random(number)
        while not self.over:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                while await self._asked(reader, writer, chance) and keeps:  # noqa: ASYNC110  (a client that thinks)
                    await asyncio.sleep(chance.expovariate(1 / 0.01))
            finally:
                writer.close()

    async def _asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, chance: random.Random) -> bool:
        """One request; True when another may follow on the connection."""
        content = b"x" * chance.randrange(2000)
        kind = chance.randrange(3)
        if kind == 0:
            head = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        elif kind == 1:
            head, content = b"GET /ask?query=teapot&streaming=true HTTP/1.1\r\nHost: a\r\n\r\n", b""
        else:
            head = b"POST /probe/upload HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(content) + content
        try:
            async with asyncio.timeout(LIMIT):
                writer.write(head)
                answer = await reader.readuntil(b"\r\n\r\n")
                await _content(reader, answer)
        except (OSError, EOFError, TimeoutError) as error:
            self.lost.append(f"{head[:40]!r}: {type(error).__name__}")
            return False
        assert answer.startswith(b"HTTP/1.1 200 "), answer
        self.answered += 1
        return not self.over and b"\r\nconnection: close\r\n" not in answer.lower()

    async def more(self, count: int) -> None:
        """Until so many more are answered."""
        goal = self.answered + count
        async with asyncio.timeout(4 * LIMIT):
            while self.answered < goal:  # noqa: ASYNC110  (each client counts for itself)
                await asyncio.sleep(0.01)


async def _content(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"transfer-encoding: chunked" in head.lower():
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
        return
    (length,) = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    await reader.readexactly(length)


async def _restarts(commands: list[Command], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command in turn takes over from the one before."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        load = Load(listening.getsockname()[1])
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as clients:
            before: Process | None = None
            for number, command in enumerate(commands):
                (own := folder / str(number)).mkdir()
                process = await stack.enter_async_context(started(command, own, {}, listening))
                if before is None:
                    for client in range(KEEPING + CONNECTING):
                        clients.create_task(load.client(client, keeps=client < KEEPING))
                else:
                    before.signal(signal.SIGTERM)
                    assert await before.exit_status(2 * LIMIT) == 0
                    assert before.events("stopped")[0]["cut"] == 0
                await load.more(BETWEEN)
                before = process
            load.over = True
    with capsys.disabled():
        print(f"\n{len(commands) - 1} restarts: {load.answered} answered, {len(load.lost)} lost")
    assert load.lost == []


def _command(name: str, held: Contract) -> Command:
    source = resolve(name, held.config).source
    if not isinstance(source, Command):
        pytest.skip("it runs already: it can't be restarted here")
    return source


@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.soak)])
async def test_restarts_lose_no_request(
    target: str, held: Contract, tmp_path: Path, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    await _restarts([_command(target, held)] * (times + 1), tmp_path, capsys)


@pytest.mark.soak
async def test_switches_between_all_servers_lose_no_request(
    held: Contract, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = [_command(name, held) for name in held.servers]
    await _restarts(commands * 4, tmp_path, capsys)
