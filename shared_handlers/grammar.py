"""Pure checks of the HTTP grammar, the same for every server (RFC 9110, RFC 9112, RFC 3986)."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes

from multidict import istr

from shared_handlers.ascii import lower, strip, whole_number
from shared_handlers.errors import HTTPError, Unsound
from shared_handlers.message import Headers, Request

# Visible ASCII but `#`, which would begin a fragment, and `%`, which must begin a triplet (RFC 9112 section 3.2).
_PLAIN_PATH = re.compile(r"/[!\"$&-~]*")
_TARGET = re.compile(r"(?:[!\"$&-~]|%[0-9A-Fa-f]{2})+")
_ABSOLUTE = re.compile(r"(?i:https?)://([^/?#]*)", re.ASCII)
_HOST = re.compile(
    r"(?:\[(?P<ip>[0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+)(?::(?P<port>[0-9]{0,5}))?"
)
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_KEPT = re.compile(r"%2[Ff]|%25")
_VERSIONS = frozenset({(1, 0), (1, 1)})
# As istr, these are looked up without being lowered first.
_HOST_FIELD = istr("Host")
_TRANSFER_ENCODING = istr("Transfer-Encoding")
_CONTENT_LENGTH = istr("Content-Length")
_EXPECT = istr("Expect")
_UNSUPPORTED_METHODS = frozenset({"CONNECT", "TRACE"})


class Target(NamedTuple):
    """A request target taken apart (RFC 9112 section 3.2); nothing in it is decoded."""

    path: str
    query_string: str
    authority: str | None
    """Of an absolute-form target: it stands in for the Host field."""


def check(request: Request) -> None:
    """Raise HTTPError for a request whose head no endpoint may see: 501 for its method, else Unsound 400, 501 or 505."""
    if request.version not in _VERSIONS:
        if request.version < (1, 0):
            # A request line without a version, which RFC 9112 section 3 does not know.
            raise Unsound(400, "The request is malformed.")
        raise Unsound(505, "This server speaks HTTP/1.0 and HTTP/1.1.")
    headers = request.headers
    hosts = headers.getall(_HOST_FIELD, None)
    if hosts is None or len(hosts) != 1 or not valid_host(hosts[0]):
        _check_host(hosts, request.version)
    if _TRANSFER_ENCODING in headers:
        check_framing(request.version, headers)
    if request.method in _UNSUPPORTED_METHODS:
        raise HTTPError(501, f"This server does not support {request.method}.")
    if _PLAIN_PATH.fullmatch(request.target) is None:
        _check_target(request.target, request.method)


def check_framing(version: tuple[int, int], headers: Headers) -> None:
    """Raise Unsound unless `Transfer-Encoding`, where there is one, is exactly `chunked` (RFC 9112 section 6.1).

    400 in HTTP/1.0, with a Content-Length, or where the list can't end the message; 501 for a coding not known here.
    """
    lines = headers.getall(_TRANSFER_ENCODING, None)
    if lines is None:
        return
    codings = [lower(strip(coding)) for line in lines for coding in line.split(",")]
    if codings == ["chunked"] and version >= (1, 1) and _CONTENT_LENGTH not in headers:
        return
    known = all(_TOKEN.fullmatch(coding) for coding in codings)
    if version < (1, 1) or _CONTENT_LENGTH in headers or not known or not _ends_chunked(codings):
        # In the words of who finds it while the head is parsed: which of the two that is depends on the server.
        raise Unsound(400, "The request is malformed.")
    raise Unsound(501, "The only transfer coding known here is chunked.")


def _ends_chunked(codings: list[str]) -> bool:
    """Chunked is the last one, and comes once: else the end of the message can't be known (RFC 9112 section 6.3)."""
    return codings[-1] == "chunked" and "chunked" not in codings[:-1]


def check_expectation(version: tuple[int, int], headers: Headers) -> None:
    """Raise HTTPError 417 for an expectation other than 100-continue (RFC 9110 section 10.1.1)."""
    if _EXPECT in headers and version >= (1, 1) and not expects_continue(version, headers):
        raise HTTPError(417, "The only expectation met here is 100-continue.")


def expects_continue(version: tuple[int, int], headers: Headers) -> bool:
    """Whether the client waits for 100 (Continue); one of HTTP/1.0 never does (RFC 9110 section 10.1.1)."""
    lines = headers.getall(_EXPECT, None)
    return lines is not None and version >= (1, 1) and [lower(line) for line in lines] == ["100-continue"]


def parse_target(target: str) -> Target:
    """Origin-, absolute- or asterisk-form taken apart; a malformed target never raises here but in `check`."""
    absolute = None if target.startswith("/") else _ABSOLUTE.match(target)
    if absolute is None:
        path, _, query = target.partition("?")
        return Target(path, query, None)
    path, _, query = target[absolute.end() :].partition("?")
    return Target(path or "/", query, absolute[1])


def routing_path(path: str) -> str:
    """A path as routes match it: percent-decoded once, but `%2F` and `%25` stay (in upper case).

    So an encoded slash does not split a segment, and `decode_variable` can finish the decoding of a variable
    without decoding anything twice. Bytes that are not UTF-8 become U+FFFD; `check` has refused them.
    """
    if "%" not in path:
        return path
    kept = _KEPT.findall(path)
    parts = [unquote(part) for part in _KEPT.split(path)]
    return parts[0] + "".join(triplet.upper() + part for triplet, part in zip(kept, parts[1:], strict=True))


def decode_variable(value: str) -> str:
    """A variable cut from a routing path, decoded to its end: `%2F` is `/` and `%25` is `%`."""
    return value.replace("%2F", "/").replace("%25", "%") if "%" in value else value


@lru_cache(maxsize=1024)
def valid_host(value: str) -> bool:
    """Whether `value` is `host[:port]` (RFC 9112 section 3.2); commas, which proxies join lines with, are refused."""
    match = _HOST.fullmatch(value)
    if match is None or whole_number(match["port"] or "0") > 65535:
        return False
    if match["ip"] is None:
        return True
    try:
        ipaddress.IPv6Address(match["ip"])
    except ValueError:
        return False
    return True


def _check_host(lines: list[str] | None, version: tuple[int, int]) -> None:
    if lines is None:
        if version == (1, 0):
            return
        raise Unsound(400, "The Host field is missing.")
    if len(lines) != 1:
        raise Unsound(400, "The Host field is repeated.")
    if not valid_host(lines[0]):
        raise Unsound(400, "The Host field is not a host with an optional port.")


def _check_target(target: str, method: str) -> None:
    if target == "*":
        if method != "OPTIONS":
            raise Unsound(400, "The target * is for OPTIONS only.")
        return
    if _TARGET.fullmatch(target) is None:
        raise Unsound(400, "The request target has a character or a percent-encoding that is not allowed.")
    if not target.startswith("/"):
        absolute = _ABSOLUTE.match(target)
        if absolute is None or not valid_host(absolute[1]):
            raise Unsound(400, "The request target is neither a path nor an http URL.")
    try:
        unquote_to_bytes(parse_target(target).path).decode()
    except UnicodeDecodeError:
        raise Unsound(400, "The percent-encoded path is not UTF-8.") from None
