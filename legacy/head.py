"""A request's head as a value: what its lines say of the content and of the connection (RFC 9112)."""

from __future__ import annotations

from typing import NamedTuple

from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.ascii import is_digits, lower, strip, whole_number
from shared_handlers.errors import HTTPError
from shared_handlers.grammar import expects_continue
from shared_handlers.http1 import Version, field_lines, request_line
from shared_handlers.message import Headers


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
_MAX_LENGTH = 2**64 - 1


def parse(block: bytes, max_fields: int, last: Fields = NO_FIELDS) -> tuple[Head, Fields]:
    """A head as it stood before its empty line; HTTPError 400 or 431 when it may not be acted upon.

    A client mostly sends the same fields with every request: they are not read anew when they are those of `last`.
    """
    first, _, rest = block.partition(b"\r\n")
    method, target, version = request_line(first)
    fields = last if rest == last.block else _fields(rest, max_fields)
    _, headers, noted = fields
    if "host" not in noted and version == (1, 1):
        raise HTTPError(400, "The Host field is missing.")
    length = _length(headers, noted)
    head = Head(
        method, target, version, headers, length,
        persistent=_persistent(version, noted, headers),
        expects=length != 0 and "expect" in noted and expects_continue(version, headers),
    )  # fmt: skip
    return head, fields


def _fields(block: bytes, max_fields: int) -> Fields:
    if not block:
        return NO_FIELDS
    fields, noted = field_lines(block.split(b"\r\n"), max_fields)
    return Fields(block, CIMultiDictProxy(CIMultiDict(fields)), noted)


def _length(headers: Headers, noted: set[str]) -> int | None:
    """RFC 9112 section 6.3: how long the content is; None is chunked."""
    if "transfer-encoding" in noted:
        if "content-length" in noted:
            raise HTTPError(400, "Content-Length and Transfer-Encoding exclude each other.")
        _check_chunked(headers)
        return None
    if "content-length" not in noted:
        return 0
    text = headers["Content-Length"]
    if len(text) > 4096 or not is_digits(text) or (length := whole_number(text)) > _MAX_LENGTH:
        raise HTTPError(400, "Content-Length is not a number of bytes.")
    return length


def _check_chunked(headers: Headers) -> None:
    """Chunked must be the last coding, and come once (RFC 9112 section 6.1); whether others are known is not framing.

    Lines of the field are one list (RFC 9110 section 5.3).
    """
    codings = [lower(strip(coding)) for line in headers.getall("Transfer-Encoding") for coding in line.split(",")]
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
