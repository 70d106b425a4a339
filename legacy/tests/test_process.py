from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from legacy.tests.client import LIMIT, connected, request

ROOT = Path(__file__).parents[2]
WITHOUT_AIOHTTP = """
import runpy, sys

class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "aiohttp":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refusal())
sys.argv = ["legacy", *sys.argv[1:]]
runpy.run_module("legacy", run_name="__main__")
"""


class Running(NamedTuple):
    process: asyncio.subprocess.Process
    port: int

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    async def ended(self) -> int:
        async with asyncio.timeout(LIMIT):
            return await self.process.wait()

    async def log(self) -> list[str]:
        assert self.process.stderr is not None
        return [
            orjson.loads(line)["message"]
            for line in (await self.process.stderr.read()).splitlines()
            if b"message" in line
        ]

    async def draining(self) -> None:
        """Wait until it says so."""
        assert self.process.stderr is not None
        async with asyncio.timeout(LIMIT):
            while b'"draining"' not in await self.process.stderr.readline():
                pass


Start = Callable[..., AbstractAsyncContextManager[Running]]


@pytest.fixture
def start(store: Path) -> Start:
    @asynccontextmanager
    async def run(*arguments: str, code: str = "", **server: object) -> AsyncIterator[Running]:
        command = ("-c", code) if code else ("-m", "legacy")
        environ = os.environ | {f"NLWEB_SERVER__{name.upper()}": str(value) for name, value in server.items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, "--port", "0", "--mode", "testing", *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT,
            env=environ | {"NLWEB_NLWEB__STORE": str(store)}, close_fds=False,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            async with asyncio.timeout(3 * LIMIT):
                line = (await process.stdout.readline()).decode()
            yield Running(process, int(line.rpartition(":")[2]) if line else 0)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    return run


async def test_one_line_on_standard_output_says_where_it_listens(start: Start) -> None:
    async with start() as server:
        async with connected(server.port) as wire:
            assert (await wire.get("/health")).json["server"] == "legacy"
        server.stop()
        assert await server.ended() == 0
        assert server.process.stdout is not None
        assert await server.process.stdout.read() == b""


async def test_it_answers_where_aiohttp_is_not_installed(start: Start) -> None:
    async with start(code=WITHOUT_AIOHTTP) as server, connected(server.port) as wire:
        assert (await wire.get("/health")).status == 200


async def test_an_address_in_use_is_exit_status_4_and_a_message(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with start("--port", port) as server:
            assert await server.ended() == 4
            assert server.process.stderr is not None
            assert f"127.0.0.1:{port}" in (await server.process.stderr.read()).decode()


async def test_an_inherited_socket_is_listened_on(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        async with start("--fd", str(listening.fileno())) as server:
            assert server.port == listening.getsockname()[1]
            async with connected(server.port) as wire:
                assert (await wire.get("/health")).status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_an_idle_server_with_status_0(start: Start, number: int) -> None:
    async with start() as server:
        server.stop(number)
        assert await server.ended() == 0


async def test_a_drain_lets_requests_and_uploads_end_and_says_close(start: Start) -> None:
    async with start() as server, AsyncExitStack() as stack:
        idle, held, uploading, streaming = [await stack.enter_async_context(connected(server.port)) for _ in range(4)]
        assert (await idle.get("/health")).status == 200
        await held.send(request("/probe/slow/a"))
        await uploading.send(request("/probe/upload", "Content-Length: 6", method="POST") + b"abc")
        await streaming.send(request("/probe/gate/a?n=1"))
        await streaming.head()
        await streaming.chunk()
        assert (await idle.get("/probe/held/a")).status == 200
        server.stop()
        await server.draining()
        await uploading.send(b"def")
        answer = await uploading.answer()
        assert (answer.json["length"], answer.headers["Connection"]) == (6, "close")
        # An idle connection was not closed: its next answer says that it is the last.
        answer = await idle.get("/probe/release/a", method="POST")
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        answer = await held.answer()
        assert (answer.json, answer.headers["Connection"]) == ({"held": "a"}, "close")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", server.port)
        streaming.reset()
        for wire in (idle, held, uploading):
            assert await wire.rest() == b""
            wire.writer.close()
        assert await server.ended() == 0


async def test_while_a_drain_is_delayed_ready_says_503_and_connections_are_accepted(start: Start) -> None:
    async with start(drain_delay=0.5) as server:
        server.stop()
        await server.draining()
        async with connected(server.port) as wire:
            answer = await wire.get("/ready")
            assert (answer.status, answer.headers["Connection"]) == (503, "close")
        assert await server.ended() == 0


async def test_what_is_not_over_in_the_drain_time_is_cut(start: Start) -> None:
    async with start(drain_timeout=0.2) as server, connected(server.port) as held, connected(server.port) as other:
        await held.send(request("/probe/slow/a"))
        assert (await other.get("/probe/held/a")).status == 200
        server.stop()
        assert await held.rest() == b""
        assert await server.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_it_at_once(start: Start, number: int) -> None:
    async with start() as server, connected(server.port) as held, connected(server.port) as other:
        await held.send(request("/probe/slow/a"))
        assert (await other.get("/probe/held/a")).status == 200
        server.stop()
        await server.draining()
        server.stop(number)
        assert await server.ended() == -number


async def test_a_bad_key_is_exit_status_2_and_named(start: Start) -> None:
    async with start(max_bodies=1) as server:
        assert await server.ended() == 2
        assert server.process.stderr is not None
        assert b"NLWEB_SERVER__MAX_BODIES" in await server.process.stderr.read()
