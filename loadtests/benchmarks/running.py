"""Servers that are measured, each in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Contender:
    name: str
    url: str
    pid: int
    microseconds: list[float] = field(default_factory=list)
    """CPU a request, round by round."""


@asynccontextmanager
async def running(name: str, module: tuple[str, ...]) -> AsyncIterator[Contender]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *module, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None  # noqa: S101
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        if not line.startswith("listening on "):
            raise SystemExit(f"{name} did not start; run python -m {' '.join(module)} to see why")
        yield Contender(name, line.removeprefix("listening on ").strip(), process.pid)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
