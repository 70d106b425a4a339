"""An answer's bytes: status line, fields and framing (RFC 9112 sections 2 to 7)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from email.utils import formatdate
from http import HTTPStatus
from typing import Literal

from shared_handlers.hosting import SERVER
from shared_handlers.http1 import Version
from shared_handlers.message import Field

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
WITHOUT_CONTENT = frozenset({204, 304})
"""Statuses whose answers end with the head (RFC 9112 section 6.3); a length is left out with them."""

Framing = int | Literal["chunked", "close", "none"]
"""How the reader finds the end of the content: after so many bytes, at the last chunk, when the connection closes, or
there is none."""


def head(
    status: int,
    version: Version,
    fields: Iterable[Field],
    framing: Framing,
    connection: str,
    last: Iterable[Field] = (),
) -> bytes:
    """The head of a final answer; fields are not checked here, `connection` is the Connection field or empty.

    The order means nothing (RFC 9110 section 5.3); it is that of the other server, so that a reader sees no change.
    """
    lines = [_STATUS_LINES[version <= (1, 0)].get(status) or _status_line(status, version)]
    lines += [f"{name}: {value}" for name, value in fields]
    if type(framing) is int:
        lines.append(f"Content-Length: {framing}")
    elif framing == "chunked":
        lines.append("Transfer-Encoding: chunked")
    lines.append(_date_and_server())
    if connection:
        lines.append(f"Connection: {connection}")
    lines += [f"{name}: {value}" for name, value in last]
    lines.append("\r\n")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def switching(fields: Iterable[Field], last: Iterable[Field]) -> bytes:
    """101, and the connection is another protocol's from there (RFC 9110 section 15.2.2)."""
    return head(101, (1, 1), fields, "none", "", last)


def chunk(piece: bytes) -> bytes:
    """One chunk (RFC 9112 section 7.1); an empty piece would be the last one, so it must not come here."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _status_line(status: int, version: Version) -> str:
    """The version of the answer is 1.0 for a client of 1.0; an unregistered status has no phrase."""
    number = "HTTP/1.0" if version <= (1, 0) else "HTTP/1.1"
    return f"{number} {status} {_PHRASES.get(status, '')}"


_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_STATUS_LINES = tuple({status: _status_line(status, version) for status in _PHRASES} for version in ((1, 1), (1, 0)))


class _Clock:
    """The Date field (RFC 9110 section 6.6.1) with its neighbour, made once a second."""

    __slots__ = ("_line", "_second")

    def __init__(self) -> None:
        self._second = -1
        self._line = ""

    def __call__(self) -> str:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._line = f"Date: {formatdate(second, usegmt=True)}\r\nServer: {SERVER}"
        return self._line


_date_and_server = _Clock()
