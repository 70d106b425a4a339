"""Compares Set-Cookie lines cookie by cookie and attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samewire.ascii import lower, strip
from samewire.compare.delta import Delta, Values

Cookie = dict[str, Values]
"""What a line says (RFC 6265 section 5.2): attributes by their names in lower case, and the value at `value`."""
_VALUE = "value"


def compare_cookies(place: str, old: Sequence[str], new: Sequence[str]) -> tuple[Delta, ...] | None:
    """Differences at `PLACE[NAME]` where one side does not set it, `PLACE[NAME].value` and `PLACE[NAME].ATTRIBUTE`.

    Empty when the lines differ in order and spelling alone. None when a line is no cookie, or a name is set twice.
    """
    mine, theirs = _cookies(old), _cookies(new)
    if mine is None or theirs is None:
        return None
    return tuple(_each(place, mine, theirs))


def _each(place: str, old: dict[str, tuple[str, Cookie]], new: dict[str, tuple[str, Cookie]]) -> Iterator[Delta]:
    for name in old | new:
        here = f"{place}[{name}]"
        if name in old and name in new:
            yield from _one(here, old[name][1], new[name][1])
        else:
            lines = [(side[name][0],) if name in side else () for side in (old, new)]
            yield Delta(here, lines[0], lines[1], field="set-cookie")


def _one(place: str, old: Cookie, new: Cookie) -> Iterator[Delta]:
    for attribute in old | new:
        sides = old.get(attribute, ()), new.get(attribute, ())
        if sides[0] != sides[1]:
            yield Delta(f"{place}.{attribute}", *sides, secret=attribute == _VALUE)


def _cookies(lines: Sequence[str]) -> dict[str, tuple[str, Cookie]] | None:
    found: dict[str, tuple[str, Cookie]] = {}
    for line in lines:
        first, *attributes = line.split(";")
        name, mark, value = (strip(part) for part in first.partition("="))
        if not mark or not name or name in found:
            return None
        cookie = {lower(strip(key)): (strip(text),) for key, _, text in (a.partition("=") for a in attributes)}
        found[name] = line, {_VALUE: (value,), **{key: text for key, text in cookie.items() if key != _VALUE}}
    return found
