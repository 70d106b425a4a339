"""What was held against each other of a server's own answers, in a line for each target."""

from __future__ import annotations

from collections.abc import Iterable

from parity.compare import fits
from parity.result import Exercised

_FAMILIES = {
    "head": "HEAD",
    "options": "OPTIONS",
    "gzip": "codings",
    "range-*": "ranges",
    "if-range*": "ranges",
    "if-*": "conditions",
    "leaves-*": "clients that leave",
    "stops-reading": "clients that stop reading",
}
"""The first glob that fits a relation names its family."""


def relation_lines(found: Iterable[Exercised]) -> tuple[str, ...]:
    """`aiohttp with itself: HEAD 31, conditions 40, ranges 12 of 30`: how often it knew of what it was asked."""
    families: dict[str, dict[str, list[Exercised]]] = {}
    for one in found:
        families.setdefault(one.target, {}).setdefault(_family(one.relation), []).append(one)
    return tuple(
        f"{target} with itself: {', '.join(_counted(*family) for family in mine.items())}{_varied(mine.values())}"
        for target, mine in families.items()
    )


def _family(relation: str) -> str:
    return next((name for glob, name in _FAMILIES.items() if fits(glob, relation)), relation)


def _counted(name: str, found: list[Exercised]) -> str:
    asked, shown = sum(one.asked for one in found), sum(one.shown for one in found)
    return f"{name} {shown}" if shown == asked else f"{name} {shown} of {asked}"


def _varied(families: Iterable[list[Exercised]]) -> str:
    varied = sum(one.varied for family in families for one in family)
    return f"; content that varies was not held against itself in {varied}" if varied else ""
