"""Where connections come in: a listening socket, and its end without losing a client."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiohttp import web

from shared_handlers.hosting import BACKLOG, accept_waiting

_CUT: Final = 1.0
"""Seconds for connections to begin that were made while the listening ended."""


class Site(web.BaseSite):
    """An aiohttp site on an open socket, with connections made by `connect`."""

    __slots__ = ("_connect", "_handshake_timeout", "_socket")

    def __init__(
        self,
        runner: web.AppRunner,
        listening: socket.socket,
        connect: Callable[[], web.RequestHandler],
        tls: ssl.SSLContext | None = None,
        *,
        handshake_timeout: float,
    ) -> None:
        super().__init__(runner, ssl_context=tls, backlog=BACKLOG)
        self._handshake_timeout = None if tls is None else handshake_timeout
        self._socket = listening
        self._connect = connect

    @property
    def name(self) -> str:
        host, port = self._socket.getsockname()[:2]
        return f"{'https' if self._ssl_context else 'http'}://{host}:{port}"

    async def start(self) -> None:
        await super().start()
        self._server = await asyncio.get_running_loop().create_server(
            self._connect, sock=self._socket, ssl=self._ssl_context, backlog=self._backlog,
            ssl_handshake_timeout=self._handshake_timeout,
        )  # fmt: skip

    async def stop_accepting(self) -> None:
        """Stop listening; what has been accepted goes on.

        asyncio drops a connection that it accepted in the same turn in which its server is closed, and its client
        waits for ever; so the accepting ends first, and those that were accepted get two turns to begin. Those that
        nobody has accepted would be reset with the socket: they are served, too.
        """
        server, self._server = self._server, None
        if server is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket.fileno())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting = accept_waiting(self._socket)
        server.close()
        if waiting:
            await asyncio.wait([loop.create_task(self._accepted(made)) for made in waiting], timeout=_CUT)

    async def _accepted(self, connection: socket.socket) -> None:
        with suppress(OSError):
            await asyncio.get_running_loop().connect_accepted_socket(
                self._connect, connection, ssl=self._ssl_context, ssl_handshake_timeout=self._handshake_timeout
            )

    async def stop(self) -> None:
        """Part from the runner, having stopped to accept."""
        await self.stop_accepting()
        await super().stop()
