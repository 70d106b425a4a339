"""What the probe endpoints remember between requests, so that one request can hold, feed or watch another."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from shared_handlers.errors import HTTPError

WAIT_SECONDS = 20.0
"""How long a probe waits for another request at most."""
MAX_KEYS = 1000

Value = TypeVar("Value")


class Registry(Generic[Value]):
    """Values by key, made when first asked for; beyond 1,000 keys the one unused for longest is forgotten."""

    __slots__ = ("_make", "_values")

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._values: OrderedDict[str, Value] = OrderedDict()

    def of(self, key: str) -> Value:
        if key not in self._values:
            self._values[key] = self._make()
            if len(self._values) > MAX_KEYS:
                self._values.popitem(last=False)
        self._values.move_to_end(key)
        return self._values[key]

    def __len__(self) -> int:
        return len(self._values)


class Tally:
    """A number that only grows, and that can be waited for."""

    __slots__ = ("_changed", "value")

    def __init__(self) -> None:
        self.value = 0
        self._changed = asyncio.Event()

    def add(self) -> int:
        """One more; whoever waits looks again."""
        self.value += 1
        self._changed.set()
        return self.value

    async def reach(self, goal: int, limit: float = WAIT_SECONDS) -> int:
        """The value, once it is at least `goal`; HTTPError 503 when that takes more than `limit` seconds."""
        async with _limited(limit):
            while self.value < goal:
                self._changed.clear()
                await self._changed.wait()
        return self.value


class Hold:
    """Where requests wait until another one releases them."""

    __slots__ = ("_arrived", "_held")

    def __init__(self) -> None:
        self._held: set[asyncio.Future[None]] = set()
        self._arrived = asyncio.Event()

    async def wait(self, limit: float = WAIT_SECONDS) -> None:
        """Return when released; HTTPError 503 when that takes more than `limit` seconds."""
        held = asyncio.get_running_loop().create_future()
        self._held.add(held)
        self._arrived.set()
        try:
            async with _limited(limit):
                await held
        finally:
            self._held.discard(held)

    async def occupied(self, limit: float = WAIT_SECONDS) -> int:
        """How many are held, once it is at least one; HTTPError 503 when that takes more than `limit` seconds."""
        async with _limited(limit):
            while not self._held:
                self._arrived.clear()
                await self._arrived.wait()
        return len(self._held)

    async def release(self, limit: float = WAIT_SECONDS) -> int:
        """Let all go that are held, once there is one; how many they were."""
        count = await self.occupied(limit)
        for held in self._held:
            if not held.done():
                held.set_result(None)
        return count


class ProbeState:
    """The registries of the probe endpoints, each by a key that the client makes up."""

    __slots__ = ("counters", "gates", "holds", "left", "made")

    def __init__(self) -> None:
        self.counters: Registry[Tally] = Registry(Tally)
        """How often a request with a side effect was executed."""
        self.gates: Registry[Tally] = Registry(Tally)
        """How often a gate was opened."""
        self.holds: Registry[Hold] = Registry(Hold)
        self.left: Registry[Tally] = Registry(Tally)
        """How many streams or held requests were ended before their end, because the client had left."""
        self.made: Registry[Tally] = Registry(Tally)
        """How many pieces of an endless stream have been made."""


@asynccontextmanager
async def _limited(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise HTTPError(503, "What this request waited for did not happen.", (("Retry-After", "1"),)) from None
