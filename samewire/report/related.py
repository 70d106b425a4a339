"""What was held against each other of a server's own answers, and how streams arrive, in a line each."""

from __future__ import annotations

from collections.abc import Iterable

from samewire.compare import fits
from samewire.result import Exercised, Streamed

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


def stream_line(found: Streamed, old: str, new: str) -> str:
    """`SSE-01.arrival: incremental from legacy (over 99.99 % sure), undecided from aiohttp (87.5 % sure), in 20 repeats`."""
    sides = ((old, found.old, found.old_confidence), (new, found.new, found.new_confidence))
    said = (f"{arrival} from {name} ({_percent(sure)} sure)" for name, arrival, sure in sides)
    return f"{found.case}: {', '.join(said)}, in {found.repeats} repeats"


def _percent(confidence: float) -> str:
    """Rounded down: it is never certain."""
    return f"{int(confidence * 10_000) / 100:.2f} %" if confidence < 0.9999 else "over 99.99 %"


def _family(relation: str) -> str:
    return next((name for glob, name in _FAMILIES.items() if fits(glob, relation)), relation)


def _counted(name: str, found: list[Exercised]) -> str:
    asked, shown = sum(one.asked for one in found), sum(one.shown for one in found)
    return f"{name} {shown}" if shown == asked else f"{name} {shown} of {asked}"


def _varied(families: Iterable[list[Exercised]]) -> str:
    varied = sum(one.varied for family in families for one in family)
    return f"; content that varies was not held against itself in {varied}" if varied else ""
