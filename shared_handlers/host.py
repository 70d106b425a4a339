"""What a server knows of itself and an endpoint may ask."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple


class Drained(NamedTuple):
    """What became of the connections that were open when a server was told to end, and of those that still came."""

    finished: int
    """They ended by themselves, or with their last answer."""
    cut: int
    """They had not ended when the drain time-out had passed."""


@dataclass(slots=True)
class HostState:
    """One server's state, kept current by the server and only read by endpoints."""

    name: str
    """`legacy` or `aiohttp`: what `/health` answers as `server`."""
    draining: bool = False
    connections: int = 0
    """Open connections, idle ones included."""
    streams: int = 0
    """Streamed answers and WebSockets under way."""
    started: float = field(default_factory=time.monotonic)

    @property
    def uptime(self) -> float:
        """Seconds since the server was made."""
        return time.monotonic() - self.started
