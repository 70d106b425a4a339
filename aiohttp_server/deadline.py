"""A moment by which something must have happened, or else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls once, `seconds` after it was started, unless it was stopped; started again meanwhile it stays as it is."""

    __slots__ = ("_call", "_loop", "_seconds", "_timer", "running")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, call: Callable[[], None]) -> None:
        self._loop = loop
        self._seconds = seconds
        self._call = call
        self._timer: asyncio.TimerHandle | None = None
        self.running = False

    def start(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._expire)
            self.running = True

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self.running = False

    def _expire(self) -> None:
        self._timer = None
        self.running = False
        self._call()
