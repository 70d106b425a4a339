"""The values an endpoint takes and gives: no transport, no writer, no server."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, BinaryIO, Protocol
from urllib.parse import parse_qsl

import orjson
from multidict import CIMultiDictProxy

from shared_handlers.ascii import lower
from shared_handlers.cookies import parse_cookies
from shared_handlers.deflate import Deflate
from shared_handlers.errors import HTTPError
from shared_handlers.field import Field as Field
from shared_handlers.host import HostState
from shared_handlers.user import User

Headers = CIMultiDictProxy[str]
"""Received header fields: names case-insensitive, repetition and order kept."""

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FORBIDDEN_IN_VALUE = re.compile(r"[\x00\r\n]")
_MAX_QUERY_FIELDS = 1000
_UPGRADE_REQUIRED = 426
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Fields that describe one connection (RFC 9110 section 7.6.1): the server's, never an endpoint's."""
SERVER_OWNED = HOP_BY_HOP | {"content-length", "date", "server"}


class Body(Protocol):
    """A request's content, read when asked for: only the first read sends 100 (Continue)."""

    @property
    def length(self) -> int | None:
        """The declared length in bytes, or None when the content is chunked."""

    def allow(self, limit: int) -> None:
        """Take so many bytes, instead of what the configuration says; before anything is read."""

    async def read(self) -> bytes:
        """All of it, decoded; HTTPError 413 past the limit, 400 when the framing breaks, 408 when it stalls."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The same piece by piece, in pieces of whatever size arrived."""


class Request:
    """One request as an endpoint sees it; `params` are the decoded variables of the matched route."""

    __slots__ = (
        "_authority", "_query", "body", "client", "headers", "host", "id", "method", "params", "path", "peer", "query_string", "scheme",
        "target", "user", "version",
    )  # fmt: skip

    def __init__(
        self, method: str, target: str, path: str, query_string: str, version: tuple[int, int], headers: Headers,
        params: Mapping[str, str], body: Body, peer: str, scheme: str, host: HostState, id: str,
    ) -> None:  # fmt: skip
        self.method = method
        self.target = target
        """The request target to the byte, as it stood in the request line."""
        self.path = path
        """The target's path, still percent-encoded."""
        self.query_string = query_string
        """What follows the first `?`, unmodified."""
        self.version = version
        self.headers = headers
        self.params = params
        self.body = body
        self.peer = peer
        """The address at the other end of the connection, without the port."""
        self.client = peer
        """The client's address: the peer, or what a trusted proxy says (`forwarded.py`)."""
        self.scheme = scheme
        """Of the client's own request, so far as a trusted proxy says it."""
        self._authority: str | None = None
        self.host = host
        self.id = id
        """The request id: the client's where it is acceptable, else made here."""
        self._query: tuple[Field, ...] | None = None
        self.user: User | None = None
        """Who asks; known to the endpoints of routes that are for users."""

    @property
    def authority(self) -> str:
        """The host, and port, that the client asked: the Host field, or what a trusted proxy says; empty without one."""
        return self.headers.get("Host", "") if self._authority is None else self._authority

    def forwarded(self, client: str, scheme: str, authority: str) -> None:
        """Who asked whom, before a trusted proxy passed it on."""
        self.client, self.scheme, self._authority = client, scheme, authority

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came with it, of a repeated name the first."""
        return parse_cookies(self.headers.getall("Cookie", ()))

    @property
    def query(self) -> tuple[Field, ...]:
        """Decoded name-value pairs in order (WHATWG URL section 5.1); bytes that are not UTF-8 become U+FFFD.

        Raises HTTPError 400 beyond 1,000 fields.
        """
        if self._query is None:
            self._query = parse_pairs(self.query_string)
        return self._query


def parse_pairs(text: str) -> tuple[Field, ...]:
    """`application/x-www-form-urlencoded` text as pairs; also HTTPError 400 beyond 1,000 fields."""
    if not text:
        return ()
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError:
        raise HTTPError(400, f"More than {_MAX_QUERY_FIELDS} fields.") from None
    return tuple(pairs)


class File:
    """An open file to be sent: `length` bytes from `offset`. Whoever sends it closes it."""

    __slots__ = ("handle", "length", "offset")

    def __init__(self, handle: BinaryIO, offset: int, length: int) -> None:
        self.handle = handle
        self.offset = offset
        self.length = length

    def close(self) -> None:
        self.handle.close()


Content = bytes | File | AsyncIterable[bytes]


class Response:
    """A final answer. Framing, Date, Server and Connection are the server's and are refused here (ValueError).

    A 426 must say what to upgrade to (RFC 9110 section 15.5.22), so it alone may have an Upgrade field; the server
    adds the `Connection: upgrade` that goes with it (section 7.8).
    """

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int = 200, headers: Iterable[Field] = (), body: Content = b"") -> None:
        if not 200 <= status <= 599:
            raise ValueError(f"{status} is not the status of a final answer")
        self.status = status
        self.headers = tuple(headers)
        self.body = body
        check_fields(self.headers, status == _UPGRADE_REQUIRED)


@lru_cache(maxsize=256)
def check_fields(fields: tuple[Field, ...], names_upgrade: bool) -> None:
    """Check each field line; an endpoint whose fields never change pays for one look-up."""
    for name, value in fields:
        check_field(name, value, names_upgrade)


@lru_cache(maxsize=1024)
def check_field(name: str, value: str, names_upgrade: bool = False) -> None:
    """Refuse (ValueError) a field line that would break the message or that only the server may write.

    RFC 9110 section 5.5 forbids CR, LF and NUL in a value; a name is a token (section 5.1). With `names_upgrade`
    an Upgrade field is let through.
    """
    if _TOKEN.fullmatch(name) is None:
        raise ValueError(f"{name!r} is not a field name")
    if _FORBIDDEN_IN_VALUE.search(value) is not None:
        raise ValueError(f"the value of {name} has a CR, LF or NUL")
    if lower(name) in SERVER_OWNED and not (names_upgrade and lower(name) == "upgrade"):
        raise ValueError(f"{name} is the server's to write")


_JSON: Field = ("Content-Type", "application/json")


def json_response(data: Any, status: int = 200, headers: Iterable[Field] = ()) -> Response:
    """`data` as UTF-8 JSON without a trailing newline; NaN and the infinities become null (RFC 8259 section 6)."""
    return Response(status, (_JSON, *headers), orjson.dumps(data))


class WebSocket(Protocol):
    """The server's end of a WebSocket that has been opened (RFC 6455)."""

    @property
    def subprotocol(self) -> str | None:
        """The one agreed on in the handshake."""

    async def receive(self) -> str | bytes:
        """The next whole message; WebSocketClosed when there will be no more."""

    async def send(self, message: str | bytes) -> None:
        """One message, text or binary; waits while the client reads too slowly."""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake; a second call does nothing."""


class WebSocketClosed(Exception):
    """The WebSocket has ended; `code` is 1005 when the close frame had none, 1006 when there was no frame."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Upgrade:
    """Answer 101 and talk WebSocket: `handler` runs until it returns (close 1000) or raises (close 1011)."""

    __slots__ = ("deflate", "handler", "max_message", "subprotocol")

    def __init__(
        self,
        handler: Callable[[WebSocket], Awaitable[None]],
        max_message: int,
        subprotocol: str | None = None,
        deflate: Deflate | None = None,
    ) -> None:
        self.handler = handler
        self.subprotocol = subprotocol
        """The one chosen from the client's offer, or None."""
        self.max_message = max_message
        """Bytes of a message, decoded; a longer one is answered with close code 1009."""
        self.deflate = deflate
        """How messages are compressed, or None."""


Endpoint = Callable[[Request], Awaitable[Response | Upgrade]]
"""What answers: an async function from a value to a value, the same on every server."""
