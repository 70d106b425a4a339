"""One worker's two connections: the same request goes out on both, and one waiting brings both answers."""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple

from samewire.exchange import End
from samewire.launch import Running
from samewire.replay.line import Line, Went
from samewire.replay.seen import Seen

OLD, NEW = 0, 1
BOTH = (OLD, NEW)
_IDLE = 1.0
"""Seconds after which a server may close a connection on which nothing is asked, without saying so."""


class Asked(NamedTuple):
    """A request as bytes for each side."""

    data: tuple[bytes, bytes]
    method: str


class Duo:
    """Carries one exchange with both sides at a time."""

    __slots__ = ("_lines", "_loop", "_missing", "_seen", "_since", "_told", "_tookers")

    def __init__(self, old: Running, new: Running, limit: float) -> None:
        """No answer takes longer than `limit` seconds, as long as `expire` is called now and then."""
        self._loop = asyncio.get_running_loop()
        self._lines = Line(old.address, limit), Line(new.address, limit)
        self._seen: list[Seen | None] = [None, None]
        self._tookers = self._took_old, self._took_new
        self._missing = 0
        self._told: asyncio.Future[None] | None = None
        self._since = 0.0

    async def exchange(self, asked: Asked, *, new_first: bool) -> tuple[Seen, Seen]:
        """Both answers, or why there is none."""
        await self._ask((NEW, OLD) if new_first else BOTH, asked)
        return self._answer(OLD), self._answer(NEW)

    async def sample(self, side: int, asked: Asked) -> Seen:
        """What one side answers; a connection that has ended is opened anew."""
        await self._ask((side,), asked)
        return self._answer(side)

    @property
    def broken_off(self) -> tuple[bool, bool]:
        """Which sides ended a connection, used before, under the last request: before a byte of its answer came."""
        return self._lines[OLD].broken_off, self._lines[NEW].broken_off

    @property
    def went(self) -> tuple[Went, Went] | None:
        """How the connections went on after the last exchange; None when they were idle for so long that it says nothing."""
        if self._loop.time() - self._since > _IDLE:
            return None
        return self._lines[OLD].went, self._lines[NEW].went

    def expire(self, now: float) -> None:
        """End exchanges whose time has passed, on the event loop's clock."""
        for line in self._lines:
            line.expire(now)

    def close(self) -> None:
        for line in self._lines:
            line.close()

    async def _ask(self, sides: tuple[int, ...], asked: Asked) -> None:
        ready = []
        for side in sides:
            line = self._lines[side]
            if line.ready or await self._opened(side):
                ready.append(side)
        if not ready:
            return
        self._missing = len(ready)
        self._told = self._loop.create_future()
        for side in ready:
            self._lines[side].ask(asked.data[side], asked.method, self._tookers[side])
        await self._told
        self._since = self._loop.time()

    async def _opened(self, side: int) -> bool:
        try:
            await self._lines[side].open()
        except OSError as error:
            self._seen[side] = Seen(b"", None, began=time.time(), end=End.CLOSED, error=str(error))
            return False
        return True

    def _took_old(self, seen: Seen) -> None:
        self._took(OLD, seen)

    def _took_new(self, seen: Seen) -> None:
        self._took(NEW, seen)

    def _took(self, side: int, seen: Seen) -> None:
        self._seen[side] = seen
        self._missing -= 1
        if not self._missing and self._told is not None and not self._told.done():
            self._told.set_result(None)

    def _answer(self, side: int) -> Seen:
        seen = self._seen[side]
        assert seen is not None  # noqa: S101  # `_ask` ends only when each side was heard
        return seen
