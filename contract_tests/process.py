"""A target's process for one test: its own settings, its signals, its exit status, what it logs."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from samewire.targets import Command

_ANNOUNCED = re.compile(rb"listening on (http://127\.0\.0\.1:(\d+))\s")
_START_LIMIT = 30.0
_END_LIMIT = 10.0


Start = Callable[..., "AbstractAsyncContextManager[Process]"]
"""Starts one server, with settings by keyword."""
Together = Callable[..., AbstractAsyncContextManager[list[str]]]
"""Starts several over one store; gives their URLs."""


@dataclass(frozen=True, slots=True)
class Process:
    """A server that listens at `url`."""

    url: str
    port: int
    child: asyncio.subprocess.Process
    log: Path

    def signal(self, number: int) -> None:
        self.child.send_signal(number)

    async def exit_status(self, limit: float = _END_LIMIT) -> int:
        """Its exit status; TimeoutError when it does not end within `limit` seconds."""
        async with asyncio.timeout(limit):
            return await self.child.wait()

    async def recorded(self, count: int) -> list[dict[str, Any]]:
        """The access records, once there are so many; TimeoutError when there are not."""
        async with asyncio.timeout(_END_LIMIT):
            while True:
                if len(found := self._records()) >= count:
                    return found
                await asyncio.sleep(0.01)

    def events(self, message: str) -> list[dict[str, Any]]:
        """The events with that message, so far."""
        return [line for line in self._lines() if line.get("message") == message]

    async def event(self, message: str) -> dict[str, Any]:
        """The first event with that message, once it is there; TimeoutError when it does not come."""
        async with asyncio.timeout(_END_LIMIT):
            while True:
                if found := self.events(message):
                    return found[0]
                await asyncio.sleep(0.01)

    def _records(self) -> list[dict[str, Any]]:
        return [line for line in self._lines() if line.get("event") == "access"]

    def _lines(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines() if line.startswith(b"{")]


@asynccontextmanager
async def started(
    command: Command, folder: Path, settings: Mapping[str, str], listening: socket.socket | None = None
) -> AsyncIterator[Process]:
    """The command, listening; killed at the end if it has not ended. Its store is kept in `folder`.

    With `listening` it inherits that socket (`--fd`), instead of one of its own.
    """
    arguments = command.filled(None)
    inherited: tuple[int, ...] = ()
    if listening is not None:
        at = arguments.index("--port")
        arguments = (*arguments[:at], "--fd", str(listening.fileno()), *arguments[at + 2 :])
        inherited = (listening.fileno(),)
    out, log = folder / "out", folder / "log"
    stores = {name: str(folder / "store") for name in command.store_env}
    with out.open("wb") as stdout, log.open("wb") as stderr:
        child = await asyncio.create_subprocess_exec(
            *arguments,
            pass_fds=inherited,
            cwd=command.cwd,
            env={**os.environ, **command.environment(None), **stores, **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
    try:
        url, port = await _announcement(child, out, log)
        yield Process(url, port, child, log)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _announcement(child: asyncio.subprocess.Process, out: Path, log: Path) -> tuple[str, int]:
    async with asyncio.timeout(_START_LIMIT):
        while (found := _ANNOUNCED.search(out.read_bytes())) is None:
            assert child.returncode is None, f"it ended before it listened: {log.read_text()[-2000:]}"
            await asyncio.sleep(0.02)
    return found[1].decode(), int(found[2])
