"""How the last answer of a connection is sent."""

from __future__ import annotations

from typing import cast

from aiohttp import web

from aiohttp_server.exchange import EXCHANGE
from aiohttp_server.protocol import Connection


async def send_last(web_request: web.Request, response: web.StreamResponse) -> None:
    """Send the rest of an answer in such a way that a client which is still sending can read it all, and close."""
    response.force_close()
    await response.prepare(web_request)
    await response.write_eof()
    web_request[EXCHANGE].record(response.status)
    await cast(Connection, web_request.protocol).linger()
