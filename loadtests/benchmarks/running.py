"""Servers that are measured, each in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass
class Contender:
    name: str
    url: str
    pid: int
    microseconds: list[float] = field(default_factory=list)
    """CPU a request, round by round."""


@asynccontextmanager
async def running(
    name: str, module: tuple[str, ...], environment: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[Contender]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *module, env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
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
