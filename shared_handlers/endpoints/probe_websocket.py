"""Probe WebSockets: one that echoes, one that closes, one that fails (mode testing only)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from shared_handlers.handshake import websocket_upgrade
from shared_handlers.message import Endpoint, Request, Upgrade, WebSocket, WebSocketClosed
from shared_handlers.routes import Route
from shared_handlers.services import Services

SUBPROTOCOLS = ("echo.v2", "echo.v1")
"""In the server's order of preference."""
CLOSE_CODE = 4000


def routes(services: Services) -> tuple[Route, ...]:
    """`/probe/ws/…`; pages of the origins that CORS allows may connect."""
    server = services.settings.server
    origins, most = server.cors.origins, server.websocket_max_message

    def endpoint(talk: Callable[[WebSocket], Awaitable[None]]) -> Endpoint:
        async def upgrade(request: Request) -> Upgrade:
            return websocket_upgrade(request, talk, max_message=most, subprotocols=SUBPROTOCOLS, origins=origins)

        return upgrade

    return (
        Route("GET", "/probe/ws/echo", endpoint(_echo), "probe.ws.echo"),
        Route("GET", "/probe/ws/close", endpoint(_close), "probe.ws.close"),
        Route("GET", "/probe/ws/raise", endpoint(_raise), "probe.ws.fails"),
        Route("GET", "/probe/ws/tasks", endpoint(_tasks), "probe.ws.tasks"),
    )


async def _echo(socket: WebSocket) -> None:
    """Every message back as it came, text as text and binary as binary."""
    try:
        while True:
            await socket.send(await socket.receive())
    except WebSocketClosed:
        return


async def _close(socket: WebSocket) -> None:
    """After the first message, the server's own close code and reason."""
    await socket.receive()
    await socket.close(CLOSE_CODE, "as asked")


async def _raise(socket: WebSocket) -> None:
    await socket.receive()
    raise RuntimeError("the WebSocket fails, as it was told to")


async def _tasks(socket: WebSocket) -> None:
    """After a message two tasks at once send twenty messages each, of 200,000 letters."""
    await socket.receive()

    async def send(letter: str) -> None:
        for number in range(20):
            await socket.send(f"{number}{letter * 200_000}")

    await asyncio.gather(send("a"), send("b"))
