"""Groups differences that have, by all that shows, the same cause: a thousand answers without a field are one finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from samewire.result import Difference, Grade, PairResult

MAX_CASES = 50
"""Case ids that a cluster names; it counts them all."""
_ABSENT = "(absent)"
_ANSWER = re.compile(r"^(?:answer\[[0-9]+\]|on\[[^\]]*\])\.")
_NUMBER = re.compile(
    r"""(?<=[/\[])
    (?:[0-9]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=[a-fA-F]*[0-9])[0-9a-fA-F]{16,})
    (?=[/\].\#]|$)""",
    re.VERBOSE,
)
"""The index of an item; or, where a JSON object has ids as its names, a UUID or a digest."""
_LONGEST = 200
"""Characters of a place that is remembered: the same few come again and again."""
_IN_SHORT = ("status", "version", "reason", "framing", "connection", "interim", "arrival", "answer")
"""Places whose values are few: there they are a part of the cause."""
_ORDER = (Grade.BREAKING, Grade.NOTABLE, Grade.COSMETIC)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Differences of one cause, and one of them to look at."""

    fingerprint: str
    """Sixteen hexadecimal digits that stay the same from run to run; what `samewire accept` takes."""
    place: str
    """With `*` in the place of numbers and ids: `body.json:/items/*/price`."""
    change: str
    """What happened there: `missing`, `added`, `changed`, or both values where few are possible: `200 -> 404`."""
    grade: Grade
    count: int
    cases: tuple[str, ...]
    """The first of the cases it occurs in, each once."""
    example: Difference
    old: str | None
    """What all of them show on the old side; None when they vary."""
    new: str | None


class Clusters:
    """Takes differences as they are found; memory grows with the causes, not with the differences."""

    def __init__(self) -> None:
        self._found: dict[str, Cluster] = {}

    def add(self, difference: Difference) -> int:
        """Put it where it belongs; how many that cluster has by now."""
        key = fingerprint(difference)
        known = self._found.get(key)
        if known is None:
            self._found[key] = _first(key, difference)
            return 1
        cases = known.cases
        if difference.case not in cases and len(cases) < MAX_CASES:
            cases = (*cases, difference.case)
        self._found[key] = replace(
            known,
            count=known.count + 1,
            cases=cases,
            old=known.old if known.old == difference.old else None,
            new=known.new if known.new == difference.new else None,
        )
        return known.count + 1

    def all(self) -> tuple[Cluster, ...]:
        """What matters most first: by grade, then by number."""
        return tuple(sorted(self._found.values(), key=lambda found: (_ORDER.index(found.grade), -found.count)))


def clusters(pairs: Iterable[PairResult]) -> tuple[Cluster, ...]:
    """The clusters of all differences of these pairs."""
    found = Clusters()
    for pair in pairs:
        for difference in pair.differences:
            found.add(difference)
    return found.all()


def fingerprint(difference: Difference) -> str:
    """Of the cause: the place without numbers, what happened there, how much it matters; not of the case."""
    words = (general_place(difference.place), change(difference), difference.grade)
    return sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def general_place(place: str) -> str:
    """`answer[1].body.json:/items/3/price` is `body.json:/items/*/price`."""
    return _general(place) if len(place) <= _LONGEST else _general.__wrapped__(place)


@lru_cache(maxsize=4096)
def _general(place: str) -> str:
    return _NUMBER.sub("*", _ANSWER.sub("", place))


def change(difference: Difference) -> str:
    """What happened at the place, in a word or with both values."""
    name = difference.place.rsplit(".", 1)[-1]
    if name in _IN_SHORT:
        return f"{difference.old} -> {difference.new}"
    if difference.old == _ABSENT:
        return "added"
    return "missing" if difference.new == _ABSENT else "changed"


def _first(key: str, difference: Difference) -> Cluster:
    return Cluster(
        fingerprint=key,
        place=general_place(difference.place),
        change=change(difference),
        grade=difference.grade,
        count=1,
        cases=(difference.case,),
        example=difference,
        old=difference.old,
        new=difference.new,
    )
