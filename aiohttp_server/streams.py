"""Answers whose content is not at hand: async iterables and files, sent no faster than the client reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final, cast

from aiohttp import HttpVersion11, hdrs, web

from aiohttp_server.exchange import CLIENT_LEFT, EXCHANGE, Exchange
from aiohttp_server.closing import must_close
from aiohttp_server.protocol import Connection
from shared_handlers.message import File, Response

_PIECE: Final = 1 << 20
_NO_CONTENT: Final = frozenset({204, 304})
_FRAMING: Final = frozenset({hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING})


class Cut(ConnectionError):
    """The answer ended before its end, and its connection with it; there is nobody left to tell."""


async def send_stream(web_request: web.Request, answer: Response) -> web.StreamResponse:
    """Send the pieces as they are made: chunked, or to HTTP/1.0 until the connection closes (RFC 9112 section 6.3).

    The iterable is closed whatever happens. Cut when it raises, or when the client leaves.
    """
    exchange = web_request[EXCHANGE]
    response = _begin(exchange, web_request, answer)
    pieces = aiter(cast(AsyncIterable[bytes], answer.body))
    try:
        if _without_content(web_request, answer):
            return response
        if web_request.version != HttpVersion11:
            response.force_close()
        with _sending(exchange, web_request, response):
            await response.prepare(web_request)
            await _pump(exchange, web_request, response, pieces)
            await response.write_eof()
        return response
    finally:
        await _close(pieces)


async def send_file(web_request: web.Request, answer: Response, file: File) -> web.StreamResponse:
    """Send a part of an open file by the kernel's own means, and close it; Cut when it turns out shorter."""
    exchange = web_request[EXCHANGE]
    try:
        response = _begin(exchange, web_request, answer)
        if answer.status not in _NO_CONTENT:
            response.content_length = file.length
        if _without_content(web_request, answer):
            return response
        with _sending(exchange, web_request, response):
            await response.prepare(web_request)
            await _copy(exchange, web_request, file)
            await response.write_eof()
        return response
    finally:
        file.close()


def _begin(exchange: Exchange, web_request: web.Request, answer: Response) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    exchange.typed = hdrs.CONTENT_TYPE in response.headers
    if must_close(web_request):
        response.force_close()
    return response


def _without_content(web_request: web.Request, answer: Response) -> bool:
    return web_request.method == hdrs.METH_HEAD or answer.status in _NO_CONTENT


@contextmanager
def _sending(exchange: Exchange, web_request: web.Request, response: web.StreamResponse) -> Iterator[None]:
    """Count the stream, and cut the connection when it can't be brought to its end."""
    connection = cast(Connection, web_request.protocol)
    host = exchange.runtime.host
    host.streams += 1
    connection.streaming = True
    try:
        yield
    except asyncio.CancelledError:
        raise
    except Exception as error:
        if not connection.gone:
            exchange.runtime.pipeline.log.failure("stream failed", error, request_id=exchange.request.id)
        exchange.record(CLIENT_LEFT if connection.gone else response.status)
        # Without framing, only a reset tells the client that this was not all (RFC 9112 section 8).
        connection.cut(reset=_FRAMING.isdisjoint(map(str, response.headers)))
        raise Cut from error
    finally:
        connection.streaming = False
        host.streams -= 1


async def _pump(
    exchange: Exchange, web_request: web.Request, response: web.StreamResponse, pieces: AsyncIterator[bytes]
) -> None:
    writer = web_request.writer
    async for piece in pieces:
        if piece:
            await response.write(piece)
            exchange.sent += len(piece)
            # aiohttp would let 64 KiB pass between two looks at whether the client reads.
            await writer.drain()


async def _copy(exchange: Exchange, web_request: web.Request, file: File) -> None:
    loop = asyncio.get_running_loop()
    patience = exchange.runtime.settings.server.write_timeout
    while exchange.sent < file.length:
        transport = web_request.transport
        if transport is None:
            raise ConnectionResetError("the client left")
        size = min(_PIECE, file.length - exchange.sent)
        async with asyncio.timeout(patience):
            sent = await loop.sendfile(transport, file.handle, file.offset + exchange.sent, size)
        exchange.sent += sent
        if sent < size:
            raise EOFError("the file is shorter than it was when the answer began")


async def _close(pieces: AsyncIterator[bytes]) -> None:
    close = getattr(pieces, "aclose", None)
    if close is not None:
        await close()
