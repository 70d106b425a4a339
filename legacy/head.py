"""The head of a request: request line and field lines, by RFC 9112, refused where two readers could disagree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.ascii import is_digits, lower, strip, whole_number
from shared_handlers.errors import HTTPError
from shared_handlers.message import Field, Headers

Version = tuple[int, int]


class Head(NamedTuple):
    """One request's head, and what it says of the content and of the connection."""

    method: str
    target: str
    version: Version
    headers: Headers
    length: int | None
    """Bytes of content; None when it is chunked."""
    persistent: bool
    """The client lets the connection live on after the answer (RFC 9112 section 9.3)."""
    expects: bool
    """The client waits for 100 (Continue) before it sends the content (RFC 9110 section 10.1.1)."""


class Fields(NamedTuple):
    """The field lines of a head, read."""

    block: bytes
    """As they stood, from the end of the request line to the empty line."""
    headers: Headers
    noted: set[str]
    """Which of the fields that say something of the message or the connection are there, in lower case."""


NO_FIELDS = Fields(b"", CIMultiDictProxy(CIMultiDict()), set())


def parse(block: bytes, max_fields: int, last: Fields = NO_FIELDS) -> tuple[Head, Fields]:
    """A head as it stood before its empty line; HTTPError 400 or 431 when it may not be acted upon.

    A client mostly sends the same fields with every request: they are not read anew when they are those of `last`.
    """
    first, _, rest = block.partition(b"\r\n")
    method, target, version = (_cached_request_line if len(first) <= _CACHED_LINE else request_line)(first)
    fields = last if rest == last.block else _fields(rest, max_fields)
    _, headers, noted = fields
    if "host" not in noted and version == (1, 1):
        raise HTTPError(400, "The Host field is missing.")
    length = _length(headers, noted)
    head = Head(
        method, target, version, headers, length,
        persistent=_persistent(version, noted, headers),
        expects=length != 0 and "expect" in noted and version >= (1, 1) and _expects(headers),
    )  # fmt: skip
    return head, fields


def check_part(block: bytes, max_fields: int) -> None:
    """The same checks, line by line, on a head whose end has not arrived: nobody waits for what can't be mended."""
    *lines, rest = block.split(b"\r\n")
    if lines:
        request_line(lines[0])
        field_lines(lines[1:], max_fields)
        if _UNFINISHED_FIELD_LINE.fullmatch(rest) is None:
            raise _bad_field_line()
    elif not _may_become_request_line(rest):
        raise _bad_request_line()


# The methods that aiohttp's parser knows; every server here refuses the others before any endpoint.
METHODS = frozenset(
    b"ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY "
    b"OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK "
    b"UNLOCK UNSUBSCRIBE".split()
)
_BEGINNINGS = frozenset(method[:length] for method in METHODS for length in range(len(method) + 1))
_VERSIONS = {b"HTTP/1.1": (1, 1), b"HTTP/1.0": (1, 0), b"HTTP/2.0": (2, 0)}

# RFC 9112 section 3; more than one space is let pass, as it is by the other server's parser.
_REQUEST_LINE = re.compile(rb"([A-Z-]+) +([\x21-\x7e]+) +(HTTP/\d\.\d)")
# RFC 9112 section 3.2: origin-form or absolute-form; the other two belong to one method each.
_TARGET = re.compile(rb"/.*|[A-Za-z][A-Za-z0-9+.-]*://[^/?#].*")
# RFC 9112 section 5: no whitespace before the colon; RFC 9110 section 5.5: no control character but HTAB in a value.
_FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)")
_UNFINISHED_REQUEST_LINE = re.compile(
    rb"([A-Z-]*)(?:(?<=.) +(?:(?:[*/A-Za-z]|(?<=CONNECT )[\x21-\x7e])[\x21-\x7e]*(?: +[HTP/\d.]{0,8}\r?)?)?)?"
)
_UNFINISHED_FIELD_LINE = re.compile(rb"\r?|[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?::[\t\x20-\x7e\x80-\xff]*\r?)?")

_SINGLE = frozenset(
    [
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "etag",
        "host",
        "max-forwards",
        "server",
        "transfer-encoding",
        "user-agent",
    ]
)
"""Fields that a message has once (RFC 9110): two of them are two meanings."""
_NOTED = _SINGLE | {"connection", "expect", "proxy-connection"}
_CACHED_LINE = 256
_MAX_LENGTH = 2**64 - 1


def request_line(line: bytes) -> tuple[str, str, Version]:
    """Method, target and version (RFC 9112 section 3); HTTPError 400."""
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise _bad_request_line()
    method, target, version = match.groups()
    if method not in METHODS:
        raise HTTPError(400, "The method is not known.")
    if version not in _VERSIONS:
        raise HTTPError(400, "The protocol version is not HTTP/1.1 or HTTP/1.0.")
    special = method == b"CONNECT" or (method == b"OPTIONS" and target == b"*")
    if not special and _TARGET.fullmatch(target) is None:
        raise HTTPError(400, "The request target is malformed.")
    return method.decode(), target.decode(), _VERSIONS[version]


def _may_become_request_line(part: bytes) -> bool:
    """Whether what has arrived of it may be the beginning of one: no client waits for an answer that is certain."""
    match = _UNFINISHED_REQUEST_LINE.fullmatch(part)
    if match is None:
        return False
    return match[1] in (METHODS if match.end(1) < len(part) else _BEGINNINGS)


def _fields(block: bytes, max_fields: int) -> Fields:
    if not block:
        return NO_FIELDS
    fields, noted = field_lines(block.split(b"\r\n"), max_fields)
    return Fields(block, CIMultiDictProxy(CIMultiDict(fields)), noted)


def field_lines(lines: Sequence[bytes], max_fields: int) -> tuple[list[Field], set[str]]:
    """The fields in order, and which of those that frame the message are there; HTTPError 400 or 431."""
    fields: list[Field] = []
    noted: set[str] = set()
    for line in lines[:max_fields]:
        field, name = _cached_field_line(line) if len(line) <= _CACHED_LINE else field_line(line)
        if name:
            if name in noted and name in _SINGLE:
                raise HTTPError(400, f"The {name} field is repeated.")
            noted.add(name)
        fields.append(field)
    if len(lines) > max_fields:
        raise HTTPError(431, f"There are more than {max_fields} fields.")
    return fields, noted


def field_line(line: bytes) -> tuple[Field, str]:
    """Name and value, and the name once more when it is one to take note of; HTTPError 400."""
    match = _FIELD_LINE.fullmatch(line)
    if match is None:
        raise _bad_field_line()
    name = match[1].decode()
    noted = match[1].lower().decode()
    return (name, match[2].strip(b" \t").decode("utf-8", "surrogateescape")), noted if noted in _NOTED else ""


# A client sends the same lines with every request.
_cached_request_line = lru_cache(maxsize=1024)(request_line)
_cached_field_line = lru_cache(maxsize=1024)(field_line)


def _length(headers: Headers, noted: set[str]) -> int | None:
    """RFC 9112 section 6.3: how long the content is; None is chunked."""
    if "transfer-encoding" in noted:
        if "content-length" in noted:
            raise HTTPError(400, "Content-Length and Transfer-Encoding exclude each other.")
        _check_chunked(headers["Transfer-Encoding"])
        return None
    if "content-length" not in noted:
        return 0
    text = headers["Content-Length"]
    if len(text) > 4096 or not is_digits(text) or (length := whole_number(text)) > _MAX_LENGTH:
        raise HTTPError(400, "Content-Length is not a number of bytes.")
    return length


def _check_chunked(value: str) -> None:
    """Chunked must be the last coding, and come once (RFC 9112 section 6.1); whether others are known is not framing."""
    codings = [lower(strip(coding)) for coding in value.split(",")]
    if codings[-1] != "chunked" or codings.count("chunked") > 1:
        raise HTTPError(400, "Transfer-Encoding does not end in chunked.")


def _persistent(version: Version, noted: set[str], headers: Headers) -> bool:
    """RFC 9112 section 9.3; what is neither 1.0 nor 1.1 is answered once and no more."""
    # What RFC 9112 appendix C.2.2 knows for a mistake is believed where that is safe, as by the other server's parser.
    if "proxy-connection" in noted and "close" in _options(headers, "Proxy-Connection"):
        return False
    if "connection" not in noted:
        return version == (1, 1)
    options = _options(headers, "Connection")
    if "close" in options:
        return False
    return version == (1, 1) or (version == (1, 0) and "keep-alive" in options and "transfer-encoding" not in noted)


def _options(headers: Headers, name: str) -> set[str]:
    """Connection options: a list, and case-insensitive (RFC 9110 section 7.6.1)."""
    return {lower(strip(option)) for line in headers.getall(name) for option in line.split(",")}


def _expects(headers: Headers) -> bool:
    return lower(headers["Expect"]) == "100-continue"


def _bad_request_line() -> HTTPError:
    return HTTPError(400, "The request line is malformed.")


def _bad_field_line() -> HTTPError:
    return HTTPError(400, "A field line is malformed.")
