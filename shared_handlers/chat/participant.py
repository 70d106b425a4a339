"""One WebSocket in a room: what it is sent waits for it in a queue that has an end."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import orjson

from shared_handlers.message import WebSocket
from shared_handlers.user import User

QUEUE = 256
"""Messages that may wait for a client that reads slowly."""
Said = dict[str, Any]


class Participant:
    """Somebody who is connected."""

    __slots__ = ("_queue", "_socket", "id", "name", "overrun")

    def __init__(self, socket: WebSocket, user: User) -> None:
        self._socket = socket
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
        self.id = secrets.token_hex(8)
        self.name = user.name
        self.overrun = asyncio.Event()
        """It reads so slowly that the queue is full: it is of no use to hold the others up for it."""

    @property
    def shown(self) -> Said:
        return {"id": self.id, "name": self.name}

    def tell(self, message_type: str, **said: Any) -> None:
        """Send a message when it is its turn."""
        self.pass_on(orjson.dumps({"message_type": message_type} | said))

    def pass_on(self, message: bytes) -> None:
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self.overrun.set()

    async def deliver(self) -> None:
        """Send what is in the queue, without end; WebSocketClosed."""
        while True:
            await self._socket.send((await self._queue.get()).decode())
