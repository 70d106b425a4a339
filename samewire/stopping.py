"""How a process that was started here is stopped, with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

_STOPPING = 10.0
"""Seconds a server gets between SIGTERM and SIGKILL."""


async def stop(process: asyncio.subprocess.Process) -> None:
    """SIGTERM, time to drain, then SIGKILL to whatever of its group is left, also when this is cut short."""
    try:
        if process.returncode is None:
            _signal(process.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _STOPPING)
    finally:
        _signal(process.pid, signal.SIGKILL)
    await process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
