"""aiohttp's parser as it reads one head: what it gets wrong is put right here, before or after it."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from aiohttp import EMPTY_PAYLOAD, StreamReader, hdrs
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser, RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from shared_handlers import grammar
from shared_handlers.ascii import lower, whole_number
from shared_handlers.errors import HTTPError
from shared_handlers.http1 import field_lines, request_line
from shared_handlers.settings import Server

_PROTOCOL: Final = b" HTTP/"
_VERSION_LENGTH: Final = len(b" HTTP/1.1")
# Not on the request line, nor where a line would become the empty one that ends the head.
_BLANKS_AT_END: Final = re.compile(rb"(?<!\n)(?<![\t ])[\t ]+(?=\r\n)")
_OLD_KEY: Final = re.compile(rb"(?i)(?<=\nsec-websocket-key)1(?=:)")
_HIDDEN_KEY: Final = "sec-websocket-key~"
_NO_PATH: Final = URL("/*", encoded=True)
PAYLOAD_LIMIT: Final = 65_536
"""Bytes of content that may wait to be read; at twice as many the client has to wait."""


Parsed = tuple[RawRequestMessage, StreamReader, int | None, bool]
"""A request as aiohttp has it, where its content is to be fed, how many bytes of it follow (None for chunks), and whether what
follows may be another protocol's, as the endpoint decides."""


class Heads:
    """Reads the heads of one connection, each given whole and alone."""

    __slots__ = ("_limits", "_loop", "_parser", "_protocol")

    def __init__(self, protocol: BaseProtocol, loop: asyncio.AbstractEventLoop, limits: Server) -> None:
        """`protocol` is told when content waits to be read."""
        self._protocol = protocol
        self._loop = loop
        self._limits = limits
        self._parser = self._new()

    def read(self, head: bytes) -> Parsed:
        """The request of the head, its line ends included; HTTPError 400, 431 or 501 when it is none."""
        try:
            end = head.find(b"\r\n")
            if not head.startswith(_PROTOCOL, end - _VERSION_LENGTH):
                raise HTTPError(400, "The request line is malformed.")  # another protocol's, which the parser lets pass
            plain = b"\t\r\n" not in head
            messages, upgraded, _ = self._parser.feed_data(head if plain else _without_blanks(head, end))
        except HttpProcessingError:
            self._parser = self._new()
            return self._again(head)
        if len(messages) != 1:
            raise HTTPError(400, "The request is malformed.")
        message, payload = messages[0]
        if payload is EMPTY_PAYLOAD and not upgraded and message.path[0] == "/":
            return message, payload, 0, False
        # The parser waits for content that it is not given, or for another protocol: a new one reads the next head.
        self._parser = self._new()
        return self._special(message, payload, upgraded)

    def _again(self, head: bytes) -> Parsed:
        """A head that was refused: once more, if it was for the field of a draft that everybody else has forgotten."""
        hidden = _OLD_KEY.sub(b"~", head)
        if hidden == head:
            raise _refusal(head, self._limits.max_fields) from None
        message, payload, length, upgraded = self.read(hidden)
        return message._replace(headers=_with_old_key(message.headers)), payload, length, upgraded

    def _special(self, message: RawRequestMessage, payload: StreamReader, upgraded: bool) -> Parsed:
        """Content follows, or another protocol, or the target is no path."""
        length = None if message.chunked else whole_number(message.headers.get(hdrs.CONTENT_LENGTH, "0"))
        if message.method == hdrs.METH_CONNECT:
            # aiohttp takes what follows for the other protocol's; the request is refused, and its content is content.
            payload, upgraded = StreamReader(self._protocol, PAYLOAD_LIMIT, loop=self._loop), False
        return _routable(message), EMPTY_PAYLOAD if length == 0 else payload, length, upgraded

    def _new(self) -> HttpRequestParser:
        limits = self._limits
        return HttpRequestParser(
            self._protocol,
            self._loop,
            PAYLOAD_LIMIT,
            max_line_size=limits.max_head,
            max_field_size=limits.max_head,
            max_headers=limits.max_fields,
            auto_decompress=False,
        )


def _without_blanks(head: bytes, end: int) -> bytes:
    """The head as aiohttp's parser reads it rightly: a tab after a value is no part of it (RFC 9110 section 5.5)."""
    return head[:end] + _BLANKS_AT_END.sub(b"", head[end:])


def _refusal(head: bytes, max_fields: int) -> HTTPError:
    """The answer to a head that aiohttp's parser has refused; its own error repeats the input."""
    first, *lines = head[:-4].split(b"\r\n")
    try:
        version = request_line(first)[2]
        fields, _ = field_lines(lines, max_fields)
        grammar.check_framing(version, CIMultiDictProxy(CIMultiDict(fields)))
    except HTTPError as error:
        return error
    return HTTPError(400, "The request is malformed.")


def _with_old_key(headers: CIMultiDictProxy[str]) -> CIMultiDictProxy[str]:
    """The fields with `Sec-WebSocket-Key1` under its own name."""
    return CIMultiDictProxy(
        CIMultiDict((f"{name[:-1]}1" if lower(name) == _HIDDEN_KEY else name, value) for name, value in headers.items())
    )


def _routable(message: RawRequestMessage) -> RawRequestMessage:
    """The message with a URL that aiohttp's router finds a route for: to others it sends 100 (Continue) by itself.

    `http://host` means its root (RFC 9110 section 4.2.3); `*` and the authority of CONNECT mean no path at all.
    """
    target = message.path
    if target.startswith("/"):
        return message
    path, query, authority = grammar.parse_target(target)
    if authority is None:
        return message._replace(url=_NO_PATH)
    return message._replace(url=URL.build(path=path, query_string=query, encoded=True))
