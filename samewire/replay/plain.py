"""A cheap reading of the answers that nearly all are: well-formed, sized, in one read, on a connection that goes on.

It gives what `samewire.wire.parser` gives, or None; then that parser must say what the bytes are.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple, TypeVar

from samewire.ascii import lower
from samewire.exchange import Answer, Chunk, Field, Framing

_MOST_LINES = 8192
_LONGEST_LINE = 512
"""Bytes of a line that is remembered."""
_STATUS_LINE = re.compile(rb"HTTP/1\.1 ([2-9][0-9]{2}) ([\t \x21-\x7e\x80-\xff]*)")
_FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\x00-\x08\x0a-\x1f\x7f]*)")
_LENGTH = re.compile(r"[0-9]{1,18}")
_EMPTY = (204, 304)


class _Role(Enum):
    ORDINARY = auto()
    LENGTH = auto()
    STRANGE = auto()
    """It says more of framing or of the connection than is read here, or is no field line."""


class _Line(NamedTuple):
    field: Field
    role: _Role


class _Status(NamedTuple):
    status: int
    reason: str


_Read = TypeVar("_Read")
_lines: dict[bytes, _Line] = {}
"""What field lines say: servers repeat themselves."""
_statuses: dict[bytes, _Status | None] = {}


def plain(data: bytes, method: str, since: float) -> Answer | None:
    """The one whole answer that `data` is, read `since` seconds after its request's first byte was sent."""
    end = data.find(b"\r\n\r\n")
    first, *rest = data[: max(end, 0)].split(b"\r\n")
    status = _statuses[first] if first in _statuses else _read_status(first)
    if status is None or method == "CONNECT":
        return None
    fields, length = [], -1
    for raw in rest:
        field, role = _lines.get(raw) or _read_line(raw)
        if role is not _Role.ORDINARY:
            if role is _Role.STRANGE or length >= 0:
                return None
            length = int(field[1])
        fields.append(field)
    body = data[end + 4 :]
    framing = Framing.LENGTH
    if method == "HEAD" or status.status in _EMPTY:
        if body or (status.status == _EMPTY[0] and length >= 0):
            return None
        framing = Framing.NONE
    elif len(body) != length:
        return None
    chunks = (Chunk(body, "", since),) if body else ()
    return Answer("HTTP/1.1", *status, tuple(fields), framing, body, chunks, head_at=since)


def _read_status(line: bytes) -> _Status | None:
    match = _STATUS_LINE.fullmatch(line)
    status = _Status(int(match[1]), match[2].decode("latin-1")) if match else None
    _remember(_statuses, line, status)
    return status


def _read_line(raw: bytes) -> _Line:
    match = _FIELD_LINE.fullmatch(raw)
    line = _Line(("", ""), _Role.STRANGE)
    if match is not None:
        field = match[1].decode("latin-1"), match[2].strip(b" \t").decode("latin-1")
        line = _Line(field, _role(*field))
    _remember(_lines, raw, line)
    return line


def _remember(known: dict[bytes, _Read], line: bytes, read: _Read) -> None:
    if len(line) <= _LONGEST_LINE:
        if len(known) >= _MOST_LINES:
            known.clear()
        known[line] = read


def _role(name: str, value: str) -> _Role:
    match lower(name):
        case "content-length":
            return _Role.LENGTH if _LENGTH.fullmatch(value) else _Role.STRANGE
        case "transfer-encoding":
            return _Role.STRANGE
        case "connection":
            return _Role.ORDINARY if lower(value) == "keep-alive" else _Role.STRANGE
        case _:
            return _Role.ORDINARY
