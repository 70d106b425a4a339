"""A request's content as it comes from aiohttp's reader; asking for it is what sends 100 (Continue)."""

from __future__ import annotations

import asyncio
from typing import Final, cast

from aiohttp import web

from aiohttp_server.protocol import Connection
from shared_handlers import grammar
from shared_handlers.errors import HTTPError

UNREAD_LIMIT: Final = 65_536
"""Bytes of content nobody read that are waited for, so that the connection can go on."""


class Content:
    """The ChunkSource of one request; HTTPError 408 when nothing comes for `patience` seconds."""

    __slots__ = ("_expected", "_given", "_patience", "_request")

    def __init__(self, web_request: web.Request, patience: float) -> None:
        self._request = web_request
        self._patience = patience
        self._expected = grammar.expects_continue(web_request.version, web_request.headers)
        """The client holds its content back until it sees 100."""
        self._given = 0
        """Bytes that somebody has asked for."""
        web_request[_CONTENT] = self

    async def chunk(self) -> bytes:
        reader = self._request.content
        expected, self._expected = self._expected, False
        piece = reader.read_nowait()
        self._given += len(piece)
        if piece or reader.at_eof():
            return piece
        if expected and not cast(Connection, self._request.protocol).content_begun:
            await self._continue()
        try:
            async with asyncio.timeout(self._patience):
                piece = await reader.readany()
        except TimeoutError:
            late = HTTPError(408, "The content stopped arriving.")
            # What may still come of it is not waited for a second time: this answer is the connection's last.
            reader.set_exception(late)
            raise late from None
        self._given += len(piece)
        return piece

    @property
    def in_the_way(self) -> bool:
        """What nobody read stands between this request and the next one, and it is much, or may never come.

        That does not depend on how much of it happens to be here. A client that awaits 100 and was asked for nothing may
        send its content or not (RFC 9110 section 10.1.1).
        """
        if self._expected:
            return True
        reader = self._request.content
        if reader.at_eof():
            return False
        length = self._request.content_length
        unread = (reader.total_bytes if length is None else length) - self._given
        return reader.exception() is not None or unread > UNREAD_LIMIT

    async def _continue(self) -> None:
        writer = self._request.writer
        await writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # aiohttp tells by it whether the final answer has begun.
        writer.output_size = 0


_CONTENT: Final = web.RequestKey("content", Content)


def in_the_way(web_request: web.Request) -> bool:
    """The request has content that the connection can't go on behind."""
    content = web_request.get(_CONTENT)
    return content is not None and content.in_the_way
