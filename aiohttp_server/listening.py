"""A client that has sent all it will send: it may still listen, or have left, and FIN does not say which."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp_server.deadline import Deadline

HALF_CLOSED: Final = 2.0
"""Seconds for which a stream to such a client may be silent: what is sent to one that has left is answered by RST."""


class Listening:
    """One client; `left` is called when a stream has told a half-closed one nothing for too long."""

    __slots__ = ("_silence", "half_closed", "streaming")

    def __init__(self, loop: asyncio.AbstractEventLoop, left: Callable[[], None]) -> None:
        self._silence = Deadline(loop, HALF_CLOSED, left)
        self.streaming = False
        """An answer is under way whose end is not known."""
        self.half_closed = False

    def half_close(self) -> None:
        """The client has sent FIN, and answers are owed to it."""
        self.half_closed = True
        self.said()

    def stream(self, *, begun: bool) -> None:
        """An answer has begun whose end is not known, or has come to its end."""
        self.streaming = begun
        self.said()

    def said(self) -> None:
        """Something of a stream has been sent."""
        if self.half_closed:
            self._silence.stop()
            if self.streaming:
                self._silence.start()

    def stop(self) -> None:
        """The connection has ended."""
        self._silence.stop()
