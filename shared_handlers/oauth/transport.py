"""The connection to a provider: its answers are read as a whole, within a limit, and are JSON that can be used."""

from __future__ import annotations

import zlib
from typing import Final

import httpx2 as httpx
import orjson

from shared_handlers.ascii import lower, strip

MAX_ANSWER: Final = 1 << 20
"""Bytes, as they come and as they are decoded."""
_WINDOWS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BoundedTransport(httpx.AsyncBaseTransport):
    """Answers in full, decoded, and checked; httpx.RemoteProtocolError for one that is too long or no JSON."""

    def __init__(self) -> None:
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer. It is decoded here because httpx decodes whatever a piece becomes at once, without a limit."""
        request.headers["Accept-Encoding"] = "gzip, deflate"
        answer = await self._transport.handle_async_request(request)
        try:
            content = _decoded(await _read(answer), answer.headers.get("Content-Encoding", ""))
        finally:
            await answer.aclose()
        _check(content)
        kind = {"Content-Type": "application/json"}
        return httpx.Response(answer.status_code, headers=kind, content=content, request=request)

    async def aclose(self) -> None:
        await self._transport.aclose()


async def _read(answer: httpx.Response) -> bytes:
    assert isinstance(answer.stream, httpx.AsyncByteStream)  # noqa: S101  (an asynchronous transport's)
    content = bytearray()
    async for piece in answer.stream:
        content += piece
        if len(content) > MAX_ANSWER:
            raise httpx.RemoteProtocolError("the answer is too long")
    return bytes(content)


def _decoded(content: bytes, coding: str) -> bytes:
    name = lower(strip(coding))
    if name in ("", "identity"):
        return content
    if name not in _WINDOWS:
        raise httpx.RemoteProtocolError("the answer has a coding that was not asked for")
    stream = zlib.decompressobj(_WINDOWS[name])
    try:
        decoded = stream.decompress(content, MAX_ANSWER)
    except zlib.error:
        raise httpx.RemoteProtocolError("the answer is not what its Content-Encoding says") from None
    if not stream.eof or stream.unused_data:
        raise httpx.RemoteProtocolError("the answer is too long, or ends too early")
    return decoded


def _check(content: bytes) -> None:
    """Whatever reads it later trips over nothing: no lone surrogate, NaN or nesting without end is in it."""
    try:
        orjson.loads(content)
    except orjson.JSONDecodeError:
        raise httpx.RemoteProtocolError("the answer is no JSON") from None
