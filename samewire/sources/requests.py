"""What a recorded request must be to be sent again: its parts held against the grammar of HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from samewire.ascii import lower, strip
from samewire.exchange import Field

_CONNECTION_FIELDS = frozenset(
    (
        "connection", "content-length", "host", "http2-settings", "keep-alive", "proxy-authorization", "proxy-connection",
        "te", "trailer", "transfer-encoding", "upgrade",
    )
)  # fmt: skip
"""They belong to the connection or the target (RFC 9110 section 7.6.1), not to what was asked."""
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE_FAULT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_IN_TARGET = "".join(map(chr, range(0x21, 0x7F))).replace("#", "")


class Place(NamedTuple):
    """Where a URL points: an origin and what is asked of it."""

    origin: str
    """`http[s]://host[:port]`, lower-case, without the scheme's own port."""
    target: str
    """Origin-form."""


def place(url: str, encoding: str = "utf-8") -> Place | str:
    """Where an http or https URL points, or why it points nowhere; `encoding` is how its characters become bytes."""
    try:
        parts = urlsplit(strip(url))
        port = parts.port
    except ValueError:
        return "its URL is malformed"
    if parts.scheme in ("ws", "wss"):
        return "a WebSocket: write it as a case"
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return "not an http URL"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    suffix = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    query = f"?{parts.query}" if parts.query or "?" in url.partition("#")[0] else ""
    return Place(
        f"{parts.scheme}://{host}{suffix}", target(f"{parts.path or '/'}{query}".encode(encoding, "surrogatepass"))
    )


def target(data: bytes) -> str:
    """As it can stand in a request line: what can't is percent-encoded, and nothing else changed."""
    return quote(data, safe=_IN_TARGET)


def fault(method: str, fields: Iterable[Field]) -> str | None:
    """Why a request can't be sent as a well-formed one, or None."""
    if not _TOKEN.fullmatch(method):
        return "its method is no token"
    if method == "CONNECT":
        return "CONNECT asks a proxy, not a server"
    for name, value in fields:
        if not _TOKEN.fullmatch(name) or _VALUE_FAULT.search(value):
            return "a malformed field"
    return None


def end_to_end(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields that say what was asked: without pseudo-fields, and what the harness writes itself or the hop owns."""
    lines = list(fields)
    named = {
        lower(strip(option)) for name, value in lines if lower(name) == "connection" for option in value.split(",")
    }
    for name, value in lines:
        if not name.startswith(":") and lower(name) not in _CONNECTION_FIELDS | named:
            yield name, latin(value.strip(" \t"))


def latin(text: str) -> str:
    """The text with one character a byte: as it is if it is latin-1, else its UTF-8."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("latin-1")
    return text
