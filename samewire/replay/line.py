"""One worker's connection to one target, opened anew when the last has ended."""

from __future__ import annotations

import asyncio
import os
from typing import NamedTuple

from samewire.address import Address
from samewire.exchange import End
from samewire.replay.lane import Done, Lane
from samewire.wire.connection import connect


class Went(NamedTuple):
    """How a connection went on after an answer that did not announce its end."""

    end: End = End.REUSABLE
    stray: bytes = b""
    """What came before anything was asked again."""


class Line:
    """At most one lane at a time."""

    __slots__ = ("_address", "_lane", "_limit")

    def __init__(self, address: Address, limit: float) -> None:
        """No exchange, and no connecting, takes longer than `limit` seconds."""
        self._address = address
        self._limit = limit
        self._lane: Lane | None = None

    @property
    def ready(self) -> bool:
        """Whether a request may go out at once; else `open` comes first."""
        return self._lane is not None and self._lane.usable

    @property
    def went(self) -> Went:
        """How the connection of the last exchange has gone on since."""
        lane = self._lane
        return Went(lane.ended or End.REUSABLE, lane.stray) if lane else Went()

    @property
    def broken_off(self) -> bool:
        """Whether the last exchange was on a connection used before, and that ended before a byte of the answer."""
        return self._lane is not None and self._lane.broken_off and self._lane.asked > 1

    async def open(self) -> None:
        """A new connection. Raises OSError."""
        self.close()
        try:
            async with asyncio.timeout(self._limit):
                self._lane = Lane(await connect(self._address))
        except TimeoutError:
            raise OSError(f"cannot connect to {self._address.where}: no answer in {self._limit:g} seconds") from None
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            raise OSError(f"cannot connect to {self._address.where}: {reason}") from None

    def ask(self, data: bytes, method: str, done: Done) -> None:
        """One exchange, once it is ready; `done` is called once, from the event loop."""
        if self._lane is not None:
            self._lane.ask(data, method, self._limit, done)

    def expire(self, now: float) -> None:
        """End an exchange whose time has passed, on the event loop's clock."""
        if self._lane is not None and now > self._lane.deadline:
            self._lane.expire()

    def close(self) -> None:
        if self._lane is not None:
            self._lane.close()
            self._lane = None
