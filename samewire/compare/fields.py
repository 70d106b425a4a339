"""Compares field lines: what each name says, and apart from that how names are written and ordered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from samewire.ascii import lower, strip
from samewire.compare.cookies import compare_cookies
from samewire.compare.delta import Delta, Values
from samewire.exchange import Field


def compare_fields(kind: str, old: Sequence[Field], new: Sequence[Field]) -> Iterator[Delta]:
    """Differences of a section of fields (RFC 9110 section 5), `kind` being `header` or `trailer`.

    `KIND.name` holds the lines of one name in their order; a difference only in how the name is written is at
    `KIND-case.name`, and in the order of different names at `KIND-order`.
    """
    for name in dict.fromkeys(lower(line) for line, _ in (*old, *new)):
        yield from _one_name(kind, name, _lines(old, name), _lines(new, name))
    yield from _order(kind, [lower(name) for name, _ in old], [lower(name) for name, _ in new])


def _one_name(kind: str, name: str, old: Sequence[Field], new: Sequence[Field]) -> Iterator[Delta]:
    mine, theirs = _values(old), _values(new)
    if mine != theirs:
        cookies = compare_cookies(f"{kind}.{name}", mine, theirs) if name == "set-cookie" else None
        if cookies:
            yield from cookies
            return
        same = cookies is not None or (bool(mine and theirs) and _members(mine) == _members(theirs))
        yield Delta(f"{kind}.{name}", mine, theirs, variant=same, field=name)
    if len(old) == len(new) and _names(old) != _names(new):
        yield Delta(f"{kind}-case.{name}", _names(old), _names(new))


def _order(kind: str, old: list[str], new: list[str]) -> Iterator[Delta]:
    counts = Counter(old), Counter(new)
    alike = {name for name, count in counts[0].items() if counts[1][name] == count}
    mine, theirs = (tuple(name for name in side if name in alike) for side in (old, new))
    if mine != theirs:
        yield Delta(f"{kind}-order", mine, theirs)


def _lines(fields: Sequence[Field], name: str) -> list[Field]:
    return [field for field in fields if lower(field[0]) == name]


def _names(fields: Sequence[Field]) -> Values:
    return tuple(name for name, _ in fields)


def _values(fields: Sequence[Field]) -> Values:
    return tuple(value for _, value in fields)


def _members(values: Values) -> list[str]:
    """The members of a list, whatever their order, case and spacing, and on however many lines they stand."""
    return sorted(lower(strip(part)) for part in re.split("[,;]", ",".join(values)))
