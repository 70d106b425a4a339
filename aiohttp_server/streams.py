"""Answers whose content is not at hand, or large: async iterables, files, many bytes; no faster than the client reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, cast

from aiohttp import HttpVersion11, hdrs, web

from aiohttp_server.closing import send_last
from aiohttp_server.content import in_the_way
from aiohttp_server.exchange import CLIENT_LEFT, EXCHANGE, NO_CONTENT, Exchange
from aiohttp_server.protocol import Connection
from shared_handlers.joining import send_joined
from shared_handlers.message import File, Response

PIECE: Final = 65_536
"""Content up to this size is aiohttp's to send, in one piece with its head."""
_FILE_PIECE: Final = 1 << 20


class Cut(ConnectionError):
    """The answer ended before its end, and its connection with it; there is nobody left to tell."""


async def send_stream(web_request: web.Request, answer: Response) -> web.StreamResponse:
    """Send the pieces as they are made: chunked, or to HTTP/1.0 until the connection closes (RFC 9112 section 6.3).

    The iterable is closed whatever happens. Cut when it raises, or when the client leaves.
    """
    exchange = web_request[EXCHANGE]
    response = _begin(exchange, answer)
    pieces = aiter(cast(AsyncIterable[bytes], answer.body))
    chunked = web_request.version == HttpVersion11
    try:
        if not chunked and answer.status not in NO_CONTENT:
            response.force_close()
        if _without_content(web_request, answer):
            exchange.chunked_head = chunked and answer.status not in NO_CONTENT
            return response
        with _sending(exchange, web_request, response, reset=not chunked), _listened_to(exchange, web_request) as said:
            await response.prepare(web_request)
            await response.write_eof(await _pump(exchange, response, pieces, said))
    finally:
        await _close(pieces)
    if not response.keep_alive or in_the_way(web_request):
        await send_last(web_request, response)
    return response


async def send_file(web_request: web.Request, answer: Response, file: File) -> web.StreamResponse:
    """Send a part of an open file by the kernel's own means, and close it; Cut when it turns out shorter."""

    async def copy(response: web.StreamResponse) -> None:
        await _copy(web_request[EXCHANGE], web_request, file)

    try:
        return await _send_sized(web_request, answer, file.length, copy)
    finally:
        file.close()


async def send_large(web_request: web.Request, answer: Response, body: bytes) -> web.StreamResponse:
    """Send content piece by piece: given all of it at once, asyncio would keep a copy for a client that does not read."""
    exchange = web_request[EXCHANGE]
    content = memoryview(body)

    async def write(response: web.StreamResponse) -> None:
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            await response.write(piece)
            await web_request.writer.drain()
            exchange.sent += len(piece)

    return await _send_sized(web_request, answer, len(content), write)


async def _send_sized(
    web_request: web.Request, answer: Response, length: int, write: Callable[[web.StreamResponse], Awaitable[None]]
) -> web.StreamResponse:
    """Send content of a known length, as `write` does it."""
    exchange = web_request[EXCHANGE]
    response = _begin(exchange, answer)
    if in_the_way(web_request):
        response.force_close()
    if answer.status not in NO_CONTENT:
        response.content_length = length
    if _without_content(web_request, answer):
        return response
    with _sending(exchange, web_request, response, reset=False):
        await response.prepare(web_request)
        await write(response)
        await response.write_eof()
    if not response.keep_alive:
        await send_last(web_request, response)
    return response


def _begin(exchange: Exchange, answer: Response) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    exchange.typed = hdrs.CONTENT_TYPE in response.headers
    return response


def _without_content(web_request: web.Request, answer: Response) -> bool:
    return web_request.method == hdrs.METH_HEAD or answer.status in NO_CONTENT


@contextmanager
def _sending(
    exchange: Exchange, web_request: web.Request, response: web.StreamResponse, *, reset: bool
) -> Iterator[None]:
    """Cut the connection when the answer can't be brought to its end; with `reset` when only that would tell."""
    connection = cast(Connection, web_request.protocol)
    try:
        yield
    except Exception as error:
        if connection.gone:
            exchange.record(CLIENT_LEFT)
        else:
            # The head has been sent: all that can be done is not to let it look whole (RFC 9112 section 8).
            exchange.runtime.pipeline.log.failure("stream failed", error, request_id=exchange.request.id)
            exchange.record(response.status)
            connection.cut(reset=reset)
        raise Cut from error


@contextmanager
def _listened_to(exchange: Exchange, web_request: web.Request) -> Iterator[Callable[[], None]]:
    """Gives what is to be called whenever something has been sent."""
    connection = cast(Connection, web_request.protocol)
    host = exchange.runtime.host
    host.streams += 1
    connection.listening.stream(begun=True)
    try:
        yield connection.listening.said
    finally:
        connection.listening.stream(begun=False)
        host.streams -= 1


async def _pump(
    exchange: Exchange, response: web.StreamResponse, pieces: AsyncIterator[bytes], said: Callable[[], None]
) -> bytes:
    """Send the pieces, but for the last ones, which leave with the end of the content."""

    async def send(joined: bytes) -> None:
        if joined:
            # Looks after each 64 KiB whether the client reads, and waits for it.
            await response.write(joined)
            exchange.sent += len(joined)
            said()

    rest = await send_joined(pieces, send)
    exchange.sent += len(rest)
    return rest


async def _copy(exchange: Exchange, web_request: web.Request, file: File) -> None:
    loop = asyncio.get_running_loop()
    patience = exchange.runtime.settings.server.write_timeout
    while exchange.sent < file.length:
        transport = web_request.transport
        if transport is None:
            raise ConnectionResetError("the client left")
        size = min(_FILE_PIECE, file.length - exchange.sent)
        async with asyncio.timeout(patience):
            sent = await loop.sendfile(transport, file.handle, file.offset + exchange.sent, size)
        exchange.sent += sent
        if sent < size:
            raise EOFError("the file is shorter than it was when the answer began")


async def _close(pieces: AsyncIterator[bytes]) -> None:
    close = getattr(pieces, "aclose", None)
    if close is not None:
        await close()
