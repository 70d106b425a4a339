"""aiohttp's access logger, through which every finished answer reaches the shared record."""

from __future__ import annotations

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from aiohttp_server.exchange import CLIENT_LEFT, EXCHANGE


class AccessLog(AbstractAccessLogger):
    """Writes the record of an exchange; what was refused before it became a request has been recorded already."""

    __slots__ = ()

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        try:
            exchange = request[EXCHANGE]
        except KeyError:
            return
        transport = request.transport
        exchange.record(CLIENT_LEFT if transport is None or transport.is_closing() else response.status)
