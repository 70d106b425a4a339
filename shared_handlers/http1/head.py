"""The lines of a request's head, refused where two readers could disagree (RFC 9112 sections 3 and 5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shared_handlers.errors import HTTPError
from shared_handlers.message import Field

Version = tuple[int, int]

# The methods that aiohttp's parser knows; every server here refuses the others before any endpoint.
METHODS = frozenset(
    b"ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY "
    b"OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK "
    b"UNLOCK UNSUBSCRIBE".split()
)
_VERSIONS = {b"HTTP/1.1": (1, 1), b"HTTP/1.0": (1, 0), b"HTTP/2.0": (2, 0)}


def _beginnings(words: Sequence[bytes]) -> frozenset[bytes]:
    return frozenset(word[:length] for word in words for length in range(len(word) + 1))


_METHOD_BEGINNINGS = _beginnings([*METHODS])
_VERSION_BEGINNINGS = _beginnings([version + b"\r" for version in _VERSIONS])

# RFC 9112 section 3; more than one space is let pass, as it is by the other server's parser.
_REQUEST_LINE = re.compile(rb"([A-Z-]+) +([\x21-\x7e]+) +(HTTP/\d\.\d)")
# RFC 9112 section 3.2: origin-form or absolute-form; the other two belong to one method each.
_TARGET = re.compile(rb"/.*|[A-Za-z][A-Za-z0-9+.-]*://[^/?#].*")
# RFC 9112 section 5: no whitespace before the colon; RFC 9110 section 5.5: no control character but HTAB in a value.
_FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)")
_UNFINISHED_REQUEST_LINE = re.compile(
    rb"([A-Z-]*)(?:(?<=.) +(?:(?:[*/A-Za-z]|(?<=CONNECT )[\x21-\x7e])[\x21-\x7e]*(?: +([HTP/\d.]{0,8}\r?))?)?)?"
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
        "user-agent",
    ]
)
"""Fields that a message has once (RFC 9110): two of them are two meanings."""
_NOTED = _SINGLE | {"connection", "expect", "proxy-connection", "transfer-encoding"}
_CACHED_LINE = 256


def request_line(line: bytes) -> tuple[str, str, Version]:
    """Method, target and version (RFC 9112 section 3); HTTPError 400."""
    return (_cached_request_line if len(line) <= _CACHED_LINE else _request_line)(line)


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


def check_part(block: bytes, max_fields: int) -> None:
    """The same checks, line by line, on a head whose end has not arrived: nobody waits for what can't be mended."""
    *lines, rest = block.split(b"\r\n")
    if lines:
        request_line(lines[0])
        check_fields_part([*lines[1:], rest], max_fields)
    elif not _may_become_request_line(rest):
        raise _bad_request_line()


def check_fields_part(lines: Sequence[bytes], max_fields: int) -> None:
    """Whole field lines, and what has arrived of the next one; HTTPError 400 or 431."""
    field_lines(lines[:-1], max_fields)
    if _UNFINISHED_FIELD_LINE.fullmatch(lines[-1]) is None:
        raise _bad_field_line()


def over_long(part: bytes, limit: int) -> HTTPError:
    """The answer to a head that begins with `part` and has no end within `limit` bytes (RFC 9110 section 15.5.15)."""
    if b"\r\n" in part:
        return HTTPError(431, f"The head is longer than {limit} bytes.")
    return HTTPError(414, f"The request line is longer than {limit} bytes.")


def _request_line(line: bytes) -> tuple[str, str, Version]:
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
    if match is None or (match[2] or b"") not in _VERSION_BEGINNINGS:
        return False
    return match[1] in (METHODS if match.end(1) < len(part) else _METHOD_BEGINNINGS)


# A client sends the same lines with every request.
_cached_request_line = lru_cache(maxsize=1024)(_request_line)
_cached_field_line = lru_cache(maxsize=1024)(field_line)


def _bad_request_line() -> HTTPError:
    return HTTPError(400, "The request line is malformed.")


def _bad_field_line() -> HTTPError:
    return HTTPError(400, "A field line is malformed.")
