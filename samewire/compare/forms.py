"""Compares forms: of application/x-www-form-urlencoded by name, of multipart contents part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from samewire.ascii import strip
from samewire.compare.contents import compare_content
from samewire.compare.delta import Delta, Values, inside
from samewire.compare.fields import compare_fields
from samewire.compare.redact import is_secret
from samewire.exchange import Answer, Field

MAX_PAIRS = 1000
"""Pairs, or parts; a content of more is compared as any other."""
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.ASCII | re.IGNORECASE)


def compare_form(place: str, old: bytes, new: bytes) -> tuple[Delta, ...] | None:
    """Differences at `PLACE.form:NAME`, where all values of a name stand in order, and `PLACE.form-order`.

    None when one of the two is no form. Empty when they are only written in two ways.
    """
    mine, theirs = _pairs(old), _pairs(new)
    if mine is None or theirs is None:
        return None
    return tuple(_names(place, mine, theirs))


def compare_parts(place: str, old: tuple[Answer, bytes], new: tuple[Answer, bytes]) -> tuple[Delta, ...] | None:
    """Differences at `PLACE.part[N].header.NAME` and `PLACE.part[N]...`, and `PLACE.part[N]` where one side has none.

    None when one of the two has no parts (RFC 2046 section 5.1.1). Empty when only what stands between them differs.
    """
    mine, theirs = _parts(*old), _parts(*new)
    if not mine or not theirs:
        return None
    return tuple(_each_part(place, mine, theirs))


def _names(place: str, old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Delta]:
    for name in dict.fromkeys(name for name, _ in (*old, *new)):
        sides = _values(old, name), _values(new, name)
        if sides[0] != sides[1]:
            yield Delta(f"{place}.form:{name}", *sides, secret=is_secret(name))
    orders = [tuple(name for name, _ in side) for side in (old, new)]
    if orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1]):
        yield Delta(f"{place}.form-order", orders[0], orders[1])


def _values(pairs: list[tuple[str, str]], wanted: str) -> Values:
    return tuple(value for name, value in pairs if name == wanted)


def _pairs(data: bytes) -> list[tuple[str, str]] | None:
    try:
        return parse_qsl(data.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_PAIRS)
    except ValueError:
        return None


Part = tuple[list[Field], bytes]


def _each_part(place: str, old: list[Part], new: list[Part]) -> Iterator[Delta]:
    for index in range(max(len(old), len(new))):
        here = f"{place}.part[{index}]"
        if index < len(old) and index < len(new):
            yield from inside(f"{here}.", compare_fields("header", old[index][0], new[index][0]))
            yield from compare_content(here, old[index][1], new[index][1])
        else:
            lines = [(side[index][1].decode("latin-1"),) if index < len(side) else () for side in (old, new)]
            yield Delta(here, lines[0], lines[1])


def _parts(answer: Answer, content: bytes) -> list[Part]:
    match = _BOUNDARY.search(", ".join(answer.values("content-type")))
    if match is None:
        return []
    line = b"\r\n--" + (match[1] or match[2]).encode("latin-1")
    _, *between = (b"\r\n" + content).split(line, MAX_PAIRS + 1)
    if len(between) > MAX_PAIRS or not between or not between[-1].startswith(b"--"):
        return []
    return [_part(text) for text in between[:-1]]


def _part(text: bytes) -> Part:
    head, _, content = text.partition(b"\r\n\r\n")
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n") if strip(line))
    return [(name, strip(value)) for name, _, value in lines], content
