"""Which part of a file answers a request: preconditions and ranges, pure (RFC 9110 sections 13 and 14)."""

from __future__ import annotations

import re
from typing import NamedTuple

from shared_handlers.ascii import lower, strip, whole_number
from shared_handlers.etags import has_etag
from shared_handlers.http_date import format_date, parse_date
from shared_handlers.message import Field, Headers

_RANGE = re.compile(r"(\d*)-(\d*)", re.ASCII)
_MAX_DIGITS = 18
_BEYOND = 1 << 62
"""More than any file has: a longer number means the same."""
_SUFFIXES = {"gzip": "-gz", "br": "-br"}


class FileFacts(NamedTuple):
    """What must be known of a file's representation to decide."""

    size: int
    """In bytes."""
    mtime_ns: int
    modified: int
    """Seconds since 1970; never later than the answer's own date (RFC 9110 section 8.8.2.1)."""
    content_type: str
    cache_control: str
    coding: str = ""
    """The content coding of this variant, empty for the file itself."""
    varies: bool = False
    """Whether there are variants to choose from."""

    @property
    def etag(self) -> str:
        """Strong, from time and size, so every server makes the same; a coded variant has its own (8.8.3.3)."""
        return f'"{self.mtime_ns:x}-{self.size:x}{_SUFFIXES.get(self.coding, "")}"'


class Selection(NamedTuple):
    """The decision: `length` bytes from `offset`; 0 bytes for a status that goes without the file."""

    status: int
    """200, 206, 304, 412 or 416."""
    fields: tuple[Field, ...]
    offset: int = 0
    length: int = 0


class _Part(NamedTuple):
    offset: int
    length: int


def select(file: FileFacts, headers: Headers, method: str) -> Selection:
    """What to answer with, in the order of RFC 9110 section 13.2.2; `method` is GET or HEAD.

    One range is served; several, which may overlap without end, get the whole file, as do ranges that are
    malformed, in another unit, or asked for by HEAD.
    """
    failed = _failed_precondition(file, headers)
    if failed == 412:
        return Selection(412, ())
    if failed == 304:
        return Selection(304, _validators(file))
    fields = _representation(file)
    wanted = _wanted(file, headers) if method == "GET" and "Range" in headers else None
    if wanted is None:
        return Selection(200, fields, 0, file.size)
    if wanted.length == 0:
        return Selection(416, (("Content-Range", f"bytes */{file.size}"),))
    last = wanted.offset + wanted.length - 1
    return Selection(206, (*fields, ("Content-Range", f"bytes {wanted.offset}-{last}/{file.size}")), *wanted)


def _failed_precondition(file: FileFacts, headers: Headers) -> int | None:
    if "If-Match" in headers:
        if not has_etag(headers.getall("If-Match"), file.etag, weak=False):
            return 412
    elif (date := _date(headers, "If-Unmodified-Since")) is not None and file.modified > date:
        return 412
    if "If-None-Match" in headers:
        return 304 if has_etag(headers.getall("If-None-Match"), file.etag, weak=True) else None
    date = _date(headers, "If-Modified-Since")
    return 304 if date is not None and file.modified <= date else None


def _date(headers: Headers, name: str) -> int | None:
    """None when the field is absent, repeated or no date: it is ignored then (RFC 9110 section 13.1.3)."""
    lines = headers.getall(name, ())
    return parse_date(lines[0]) if len(lines) == 1 else None


def _wanted(file: FileFacts, headers: Headers) -> _Part | None:
    """The one range to serve; None for the whole file; a length of 0 when nothing of the file is in the range."""
    lines = headers.getall("Range")
    unit, _, ranges = lines[0].partition("=")
    match = _RANGE.fullmatch(strip(ranges))
    if len(lines) != 1 or lower(strip(unit)) != "bytes" or match is None or not _still_same(file, headers):
        return None
    first, last = match.groups()
    if first:
        return _from(file.size, _number(first), _number(last) if last else _BEYOND)
    return _suffix(file.size, _number(last)) if last else None


def _still_same(file: FileFacts, headers: Headers) -> bool:
    """If-Range: an entity tag compared strongly, or exactly the date of Last-Modified (RFC 9110 section 13.1.5)."""
    lines = headers.getall("If-Range", None)
    if lines is None:
        return True
    return len(lines) == 1 and (lines[0] == file.etag or parse_date(lines[0]) == file.modified)


def _from(size: int, first: int, last: int) -> _Part | None:
    if last < first:
        return None
    return _Part(first, min(last, size - 1) - first + 1) if first < size else _Part(0, 0)


def _suffix(size: int, length: int) -> _Part | None:
    """The last bytes; of an empty file that is all of it, which no Content-Range can say."""
    if size == 0 and length > 0:
        return None
    length = min(length, size)
    return _Part(size - length, length)


def _number(digits: str) -> int:
    digits = digits.lstrip("0")
    return whole_number(digits or "0") if len(digits) <= _MAX_DIGITS else _BEYOND


def _validators(file: FileFacts) -> tuple[Field, ...]:
    """What a 304 repeats of the 200 (RFC 9110 section 15.4.5)."""
    fields = [("ETag", file.etag), ("Cache-Control", file.cache_control)]
    if file.varies:
        fields.append(("Vary", "Accept-Encoding"))
    return tuple(fields)


def _representation(file: FileFacts) -> tuple[Field, ...]:
    fields = [
        ("Content-Type", file.content_type),
        *_validators(file),
        ("Last-Modified", format_date(file.modified)),
        ("Accept-Ranges", "bytes"),
    ]
    if file.coding:
        fields.append(("Content-Encoding", file.coding))
    return tuple(fields)
