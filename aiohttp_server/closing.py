"""When an answer must be the last of its connection, and how that one ends."""

from __future__ import annotations

from typing import Final, cast

from aiohttp import web

from aiohttp_server.content import awaits_continue
from aiohttp_server.exchange import Exchange
from aiohttp_server.protocol import Connection

UNREAD_LIMIT: Final = 65_536
"""Bytes of content nobody asked for that are waited for, so that the connection can go on."""
UNSOUND: Final = frozenset({400, 501, 505})
"""Refusals of a head whose framing is not to be trusted."""


def must_close(web_request: web.Request) -> bool:
    """Content that nobody read stands between this request and the next (RFC 9112 section 9.3)."""
    reader = web_request.content
    if reader.is_eof():
        return False
    length = web_request.content_length
    return (
        length is None
        or reader.exception() is not None
        or length - reader.total_bytes > UNREAD_LIMIT
        or (not reader.total_bytes and awaits_continue(web_request))
    )


async def send_last(web_request: web.Request, response: web.Response, exchange: Exchange) -> None:
    """Send the last answer of a connection in such a way that a client which is still sending can read it."""
    response.force_close()
    await response.prepare(web_request)
    await response.write_eof()
    exchange.record(response.status)
    await cast(Connection, web_request.protocol).linger()
