"""A request's content, counted, limited and decoded while it is read."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Final, Protocol

from shared_handlers.ascii import lower, strip
from shared_handlers.errors import HTTPError
from shared_handlers.message import Body

_PIECE = 65_536
MAX_RATIO = 100
"""How many times its declared length a coded content may become: what costs little to send can't cost much to read."""
_ALWAYS = 1 << 20
"""Bytes that it may become whatever its length."""
_ACCEPTED = (("Accept-Encoding", "gzip, deflate"),)
_GZIP = 16 + zlib.MAX_WBITS
_WINDOW = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}
_IDENTITY = frozenset({"", "identity"})


class ChunkSource(Protocol):
    """Where a server gives the content of one request, its framing removed."""

    async def chunk(self) -> bytes:
        """The next piece; `b""` at the end; HTTPError 400 when the framing breaks, 408 when nothing comes."""


class LazyBody:
    """A message.Body over a ChunkSource; nothing is read, and no 100 (Continue) sent, before someone asks.

    `length` is the declared one, None when chunked; `limit` counts both what arrived and what it decodes to;
    `coding` is the text of Content-Encoding. What it decodes to is bounded by MAX_RATIO, too.
    """

    __slots__ = ("_coding", "_content", "_limit", "_source", "_started", "length")

    def __init__(self, source: ChunkSource, *, length: int | None, limit: int, coding: str | None = None) -> None:
        self.length: Final = length
        self._source = source
        self._limit = limit
        self._coding = coding
        self._content: bytes | None = None
        self._started = False

    def allow(self, limit: int) -> None:
        """Another limit than was said, before anything is read."""
        self._limit = limit

    async def read(self) -> bytes:
        """All of it, decoded; the same bytes again when called again.

        HTTPError 400, 408, 413 (past the limit), 415 (a coding other than gzip or deflate).
        """
        if self._content is None:
            self._content = b"".join([piece async for piece in self._pieces()])
        return self._content

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The same in pieces, once; RuntimeError when they have been taken already."""
        return self._pieces() if self._content is None else _whole(self._content)

    async def _pieces(self) -> AsyncIterator[bytes]:
        if self._started:
            raise RuntimeError("the content of this request has been read already")
        self._started = True
        decoder = _decoder(self._coding)
        if self.length is not None and self.length > self._limit:
            raise _too_long(self._limit)
        arrived = decoded = 0
        while chunk := await self._source.chunk():
            arrived += len(chunk)
            if arrived > self._limit:
                raise _too_long(self._limit)
            if decoder is None:
                yield chunk
                continue
            for number, piece in enumerate(decoder.feed(chunk)):
                decoded += len(piece)
                self._check(decoded, arrived)
                if number:
                    await asyncio.sleep(0)  # one chunk may become a thousand pieces: others get their turn
                yield piece
        if decoder is not None and arrived:
            decoder.close()

    def _check(self, decoded: int, arrived: int) -> None:
        if decoded > self._limit:
            raise _too_long(self._limit)
        if decoded > max(_ALWAYS, MAX_RATIO * (arrived if self.length is None else self.length)):
            raise HTTPError(413, f"The content becomes more than {MAX_RATIO} times as long as it was sent.")


class _NoBody:
    """The content of a request that has none."""

    __slots__ = ()
    length = 0

    def allow(self, limit: int) -> None:
        return

    async def read(self) -> bytes:
        return b""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _whole(b"")


NO_BODY: Final[Body] = _NoBody()


class _Inflater:
    """gzip (RFC 1952, several members too) or zlib (RFC 1950) in, pieces of at most 64 KiB out."""

    __slots__ = ("_stream", "_window")

    def __init__(self, window: int) -> None:
        self._window = window
        self._stream = zlib.decompressobj(window)

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while data:
                if self._stream.eof:
                    self._next_member()
                piece = self._stream.decompress(data, _PIECE)
                if piece:
                    yield piece
                data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
        except zlib.error:
            raise HTTPError(400, "The content is not what its Content-Encoding says.") from None

    def close(self) -> None:
        if not self._stream.eof:
            raise HTTPError(400, "The encoded content ends too early.")

    def _next_member(self) -> None:
        if self._window != _GZIP:
            raise HTTPError(400, "There is something after the end of the encoded content.")
        self._stream = zlib.decompressobj(self._window)


def _decoder(coding: str | None) -> _Inflater | None:
    name = "" if coding is None else lower(strip(coding))
    if name in _IDENTITY:
        return None
    if name not in _WINDOW:
        raise HTTPError(415, "The content coding is not one that is decoded here.", _ACCEPTED)
    return _Inflater(_WINDOW[name])


def _too_long(limit: int) -> HTTPError:
    return HTTPError(413, f"The content is longer than {limit} bytes.")


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    if content:
        yield content
