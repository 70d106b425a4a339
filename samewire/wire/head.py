"""A status line and field lines from bytes that may break every rule: each breach is a fault in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from samewire.ascii import is_digits, lower, strip, whole_number
from samewire.exchange import Field
from samewire.wire.faults import Faults, shown

_STATUS_LINE = re.compile(r"(HTTP/\d\.\d) (\d{3}) ([\t \x21-\x7e\x80-\xff]*)", re.ASCII)
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f]")
"""But CR, which is looked for in whole lines."""
_STATUS_DIGITS = 9
"""A longer number is no status, and int() refuses what is very long."""


class Head(NamedTuple):
    """The status line and the field lines of one answer."""

    version: str
    status: int
    """0 when the status line has no number where it belongs."""
    reason: str
    fields: tuple[Field, ...]

    def values(self, name: str) -> list[str]:
        """The values of every line of that name, given in lower case, in order."""
        return [value for line, value in self.fields if lower(line) == name]


def parse_head(block: bytes, faults: Faults) -> Head:
    """The head in `block`, which ends with its empty line (RFC 9112 sections 4 and 5)."""
    first, *rest = lines(block, faults)
    version, status, reason = _status_line(first, faults)
    return Head(version, status, reason, parse_fields(rest, faults))


def block_end(buffer: bytearray, scanned: int = 0) -> int:
    """Where the first empty line of `buffer` ends, or -1; the first `scanned` bytes are known to hold none."""
    match = _EMPTY_LINE.search(buffer, max(scanned - 2, 0))
    return -1 if match is None else match.end()


def lines(block: bytes, faults: Faults) -> list[str]:
    """The lines of a block without their ends and without the empty one that closes it (RFC 9112 section 2.2)."""
    text = block.decode("latin-1")
    if text.count("\n") != text.count("\r\n"):
        faults.add("a line ends with LF alone")
    found = [line[:-1] if line.endswith("\r") else line for line in text.split("\n")]
    while found and not found[-1]:
        found.pop()
    if any("\r" in line for line in found):
        faults.add("a CR stands without LF")
    return found or [""]


def parse_fields(given: Iterable[str], faults: Faults) -> tuple[Field, ...]:
    """Field lines (RFC 9112 section 5); a folded line is added to the value it continues, after one space."""
    fields: list[Field] = []
    for line in given:
        if line[:1] in {" ", "\t"}:
            _fold(line, fields, faults)
        else:
            fields.append(_field(line, faults))
    return tuple(fields)


def _status_line(line: str, faults: Faults) -> tuple[str, int, str]:
    match = _STATUS_LINE.fullmatch(line)
    if match is not None:
        return match[1], whole_number(match[2]), match[3]
    faults.add(f"the status line {shown(line)} is not `HTTP/d.d SP 3DIGIT SP reason`")
    version, _, rest = line.partition(" ")
    status, _, reason = rest.lstrip(" \t").partition(" ")
    numeric = is_digits(status) and len(status) <= _STATUS_DIGITS
    return version, whole_number(status) if numeric else 0, reason


def _fold(line: str, fields: list[Field], faults: Faults) -> None:
    if not fields:
        faults.add("white space stands before the first field line")
        fields.append(_field(line.lstrip(" \t"), faults))
        return
    name, value = fields[-1]
    faults.add(f"the field {shown(name)} is folded (obs-fold)")
    fields[-1] = (name, " ".join((value, line.strip(" \t"))).strip(" "))


def _field(line: str, faults: Faults) -> Field:
    name, colon, value = line.partition(":")
    if not colon:
        faults.add(f"the field line {shown(line)} has no colon")
    elif name != name.rstrip(" \t"):
        faults.add(f"white space stands between {shown(strip(name))} and its colon")
    elif not _TOKEN.fullmatch(name):
        faults.add(f"the field name {shown(name)} is not a token")
    if _CONTROL.search(value):
        faults.add(f"the value of the field {shown(name)} has a control character")
    return name.rstrip(" \t"), value.strip(" \t")
