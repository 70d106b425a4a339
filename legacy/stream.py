"""What a conversation needs of whatever carries its bytes: the seam between the protocol and an engine."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from shared_handlers.message import File

T = TypeVar("T")
HALF_CLOSED = 2.0
"""Seconds for which a stream may be silent once its client has sent all: it may still listen, or have left.

What is sent to one that has left is answered by RST; there is no other way to learn it (RFC 9112 section 9.6).
"""


class Gone(Exception):
    """The client has left, or reads so slowly that it was given up."""


class Late(Exception):
    """Application code did not end in its time."""


class Overloaded(TimeoutError):
    """There is nobody who could answer what arrived: the wait for it ends."""


class Stream(Protocol):
    """One connection. Times are of `time.monotonic`, durations in seconds."""

    @property
    def peer(self) -> str:
        """The client's address, without the port."""

    @property
    def arrived(self) -> bool:
        """There are bytes that `read` would give at once."""

    @property
    def congested(self) -> bool:
        """More is waiting to be sent than should be: `drain` before the next write."""

    async def read(self, deadline: float) -> bytes:
        """What arrived, at least a byte; empty when the client has sent all; TimeoutError past the deadline; Gone."""

    def write(self, data: bytes | memoryview) -> None:
        """Send it after what was written before; never waits, does nothing when the client has left."""

    async def drain(self) -> None:
        """Wait until the client has taken enough of what was written, and give others their turn; Gone when it never does."""

    async def send_file(self, file: File) -> int:
        """Send the file after what was written before, and give the bytes sent: fewer when the file has shrunk; Gone."""

    async def run(
        self,
        work: Coroutine[Any, Any, T],
        *,
        within: float | None = None,
        streaming: bool = False,
        waits: bool = False,
    ) -> T:
        """Run application code; Late when it takes longer, Gone when the client left: then it was cancelled.

        `streaming` says that the client is only listening: that it has sent all then means that it has left. `waits`
        says that the work may wait, for the client or for others.
        """

    def end(self) -> None:
        """Nothing more will be written: the client reads the end once it has read everything."""

    def abort(self, *, reset: bool = False) -> None:
        """Cut the connection; with `reset` so that the client can't take what it has for the whole."""
