"""What the event loop has to say of itself, in the server's own log."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from shared_handlers.logs import Log

CANNOT_ACCEPT = "cannot accept connections for a while"
_NO_DESCRIPTORS = "socket.accept() out of system resource"
"""As asyncio words it: once for each connection that could be waiting, a thousand times within a turn."""
_SECONDS = 1.0


class LoopReport:
    """The loop's exception handler. Without a descriptor for a new connection, that is said once a second."""

    __slots__ = ("_log", "_said")

    def __init__(self, log: Log) -> None:
        self._log = log
        self._said = -_SECONDS

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error, message = context.get("exception"), context["message"]
        if message == _NO_DESCRIPTORS:
            self.cannot_accept(getattr(error, "strerror", None))
        elif error is None:
            self._log.event("error", message)
        else:
            self._log.failure(message, error)

    def cannot_accept(self, reason: str | None) -> None:
        """Accepting pauses."""
        now = time.monotonic()
        if now - self._said >= _SECONDS:
            self._said = now
            self._log.event("error", CANNOT_ACCEPT, reason=reason)
