"""Byte ranges: which are asked for, which an answer says it has, and the parts of a multipart one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from samewire.ascii import lower, strip, whole_number
from samewire.exchange import Field

_SPEC = re.compile(r"([0-9]{0,18})-([0-9]{0,18})")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_BOUNDARY = re.compile(
    r'multipart/byteranges\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.ASCII | re.IGNORECASE
)
MAX_PARTS = 100


class Span(NamedTuple):
    """Bytes `first` to `last`, both among them."""

    first: int
    last: int


class Part(NamedTuple):
    """A body part of multipart/byteranges (RFC 9110 section 14.6)."""

    fields: tuple[Field, ...]
    data: bytes

    def value(self, name: str) -> str:
        return next((value for line, value in self.fields if lower(line) == name), "")


def asked(value: str, length: int) -> tuple[Span, ...]:
    """The satisfiable ranges of a Range value for content of that length (RFC 9110 sections 14.1.1 and 14.1.2)."""
    specs = (_SPEC.fullmatch(strip(spec)) for spec in value.removeprefix("bytes=").split(","))
    spans = (_span(match[1], match[2], length) for match in specs if match)
    return tuple(span for span in spans if span is not None)


def content_range(value: str) -> tuple[Span, int | None] | None:
    """The range that a Content-Range names and the complete length; None when it names none (RFC 9110 section 14.4)."""
    match = _CONTENT_RANGE.fullmatch(value)
    if match is None:
        return None
    return Span(whole_number(match[1]), whole_number(match[2])), None if match[3] == "*" else whole_number(match[3])


def boundary(content_type: str) -> str | None:
    """Of multipart/byteranges; None of anything else."""
    match = _BOUNDARY.match(content_type)
    return None if match is None else match[1] or match[2]


def parts(content: bytes, boundary: str) -> tuple[Part, ...] | None:
    """The body parts (RFC 2046 section 5.1.1); None when it is not closed as it must be, or has too many."""
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    _, *pieces = (b"\r\n" + content).split(delimiter, MAX_PARTS + 1)
    if not pieces or not pieces[-1].startswith(b"--") or len(pieces) > MAX_PARTS:
        return None
    found = tuple(map(_part, pieces[:-1]))
    return tuple(part for part in found if part is not None) if all(found) else None


def _span(first: str, last: str, length: int) -> Span | None:
    if not first:
        suffix = whole_number(last or "0")
        return Span(max(length - suffix, 0), length - 1) if suffix and length else None
    end = min(whole_number(last), length - 1) if last else length - 1
    return Span(whole_number(first), end) if whole_number(first) <= end else None


def _part(piece: bytes) -> Part | None:
    """After its delimiter: white space, CRLF, fields, an empty line, data."""
    padding, line_end, rest = piece.partition(b"\r\n")
    head, empty_line, data = (b"\r\n" + rest).partition(b"\r\n\r\n")
    if padding.strip(b" \t") or not line_end or not empty_line:
        return None
    return Part(tuple(_fields(head)), data)


def _fields(head: bytes) -> Iterator[Field]:
    for line in head.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name, value.strip(" \t")
