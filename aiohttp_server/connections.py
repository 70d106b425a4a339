"""The open connections: how many there may be, and how all of them come to an end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from shared_handlers.host import HostState
from shared_handlers.hosting import FLUSH
from shared_handlers.settings import Server


class Closable(Protocol):
    """What is asked of a connection here."""

    @property
    def idle(self) -> bool:
        """It waits for a request, and nothing of one has arrived."""

    def cut(self, *, reset: bool = False, gently: bool = False) -> None:
        """End it now, whatever is under way; `gently` lets a stream's client have what was made of it so far."""


class Connections:
    """Those that are open, counted in all and by address."""

    def __init__(self, host: HostState, limits: Server) -> None:
        self._host = host
        self._limits = limits
        self._open: dict[Closable, str] = {}
        self._of_address: Counter[str] = Counter()
        self.ended = 0
        """How many have ended."""
        self._none = asyncio.Event()
        self._none.set()

    def add(self, connection: Closable, address: str) -> bool:
        """Count it in; False when it is one too many."""
        self._open[connection] = address
        self._of_address[address] += 1
        self._host.connections = len(self._open)
        self._none.clear()
        return (
            len(self._open) <= self._limits.max_connections
            and self._of_address[address] <= self._limits.max_connections_per_address
        )

    def discard(self, connection: Closable) -> None:
        """It has ended."""
        address = self._open.pop(connection, None)
        if address is None:
            return
        self.ended += 1
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]
        self._host.connections = len(self._open)
        if not self._open:
            self._none.set()

    async def end(self, idle: float, busy: float, cutting: Callable[[int], None]) -> int:
        """Wait until all have ended, and give how many had to be cut: idle ones are closed after `idle` seconds, the
        others cut after `busy`, of which `cutting` is told.

        An idle connection that is closed at once loses the request that is already on its way.
        """
        first = min(idle, busy)
        if not await self._none_left(first):
            for connection in [connection for connection in self._open if connection.idle]:
                connection.cut()
            await self._none_left(busy - first)
        left = len(self._open)
        if left:
            cutting(left)
            for connection in list(self._open):
                connection.cut(gently=True)
            await self._none_left(FLUSH)
            for connection in list(self._open):
                connection.cut()
            await self._none_left(1.0)
        return left

    async def _none_left(self, within: float) -> bool:
        try:
            async with asyncio.timeout(within):
                await self._none.wait()
        except TimeoutError:
            return False
        return True
