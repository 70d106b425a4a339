"""Signals that have something read or opened anew elsewhere never end a server: not while it starts, serves or drains."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from contract_tests.process import Process, Start
from contract_tests.wire import connected
from samewire.targets import Command

_LIMIT = 10.0
OUTLIVED = [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2]
_IN_A_TERMINAL = "import os, sys; os.login_tty(0); os.execvp(sys.argv[1], sys.argv[1:])"
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="which signals a process ignores is read from Linux's /proc"
)


async def test_what_is_under_way_is_finished_and_others_are_answered(start: Start) -> None:
    async with start() as process:
        async with connected(process.port) as slow, connected(process.port) as other:
            await slow.send("GET /probe/slow/a HTTP/1.1\r\nHost: test\r\n\r\n")
            await other.ask("/probe/held/a")
            _send_all(process)
            await other.ask("/probe/release/a", method="POST")
            assert '{"held":"a"}' in await slow.answer()
        async with connected(process.port) as another:
            assert (await another.ask("/health")).startswith("HTTP/1.1 200 ")
        process.signal(signal.SIGTERM)
        assert await process.exit_status() == 0


async def test_a_drain_goes_on(start: Start) -> None:
    async with start() as process:
        async with connected(process.port) as slow, connected(process.port) as other:
            await slow.send("GET /probe/slow/a HTTP/1.1\r\nHost: test\r\n\r\n")
            await other.ask("/probe/held/a")
            process.signal(signal.SIGTERM)
            await process.event("draining")
            _send_all(process)
            await other.ask("/probe/release/a", method="POST")
            assert '{"held":"a"}' in await slow.answer()
            assert await slow.rest() == await other.rest() == b""
        assert await process.exit_status() == 0


@needs_proc
async def test_a_start_goes_on(command: Command, tmp_path: Path) -> None:
    """From before the service is imported: sent again and again until it listens."""
    async with _begun(command, tmp_path) as (child, out):
        await _ignores(child, OUTLIVED)
        assert not out.read_bytes()
        async with asyncio.timeout(_LIMIT):
            while not out.read_bytes():
                assert child.returncode is None
                for number in OUTLIVED:
                    child.send_signal(number)
                await asyncio.sleep(0.001)
        child.send_signal(signal.SIGTERM)
        async with asyncio.timeout(_LIMIT):
            assert await child.wait() == 0


async def test_the_terminal_may_be_closed(command: Command, tmp_path: Path) -> None:
    """The kernel sends SIGHUP, and what is logged from then on can't be written."""
    ours, terminal = os.openpty()
    async with _begun(command, tmp_path, terminal) as (child, _):
        os.close(terminal)
        port = await asyncio.to_thread(_announced, ours)
        async with connected(port) as line:
            assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")
            os.close(ours)
            for _ in range(3):
                assert (await line.ask("/health")).startswith("HTTP/1.1 200 ")
        child.send_signal(signal.SIGTERM)
        async with asyncio.timeout(_LIMIT):
            assert await child.wait() == 0


def _send_all(process: Process) -> None:
    for number in OUTLIVED:
        process.signal(number)


@asynccontextmanager
async def _begun(
    command: Command, folder: Path, terminal: int | None = None
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Path]]:
    """The command, not yet listening, and the file of its standard output; in a terminal of its own if one is given."""
    before = () if terminal is None else (sys.executable, "-c", _IN_A_TERMINAL)
    stores = {name: str(folder / "store") for name in command.store_env}
    out = folder / "out"
    with out.open("wb") as stdout, (folder / "log").open("wb") as stderr:
        child = await asyncio.create_subprocess_exec(
            *before,
            *command.filled(None),
            cwd=command.cwd,
            env={**os.environ, **command.environment(None), **stores},
            stdin=asyncio.subprocess.DEVNULL if terminal is None else terminal,
            stdout=stdout,
            stderr=stderr,
        )
    try:
        yield child, out
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def _announced(terminal: int) -> int:
    said = b""
    while (found := re.search(rb"listening on http://127\.0\.0\.1:(\d+)\s", said)) is None:
        said += os.read(terminal, 1024)
    return int(found[1])


async def _ignores(child: asyncio.subprocess.Process, numbers: list[signal.Signals]) -> None:
    """Until it ignores them all."""
    status = Path(f"/proc/{child.pid}/status")
    wanted = sum(1 << (number - 1) for number in numbers)
    async with asyncio.timeout(_LIMIT):
        while True:
            found = re.search(r"SigIgn:\s+([0-9a-f]+)", status.read_text())
            assert found is not None
            if int(found[1], 16) & wanted == wanted:
                return
            await asyncio.sleep(0.001)
