"""What was found: each cause once, by its smallest example, and how often it was met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from samewire.fuzz.asking import Seen
from samewire.fuzz.causes import name_of, traits
from samewire.result import Difference, NoisyPlace

MOST_OF_ONE = 5
"""Causes that are told apart though they show in the same place in the same way."""
MOST = 60
"""Findings in all: then it is plain that the servers differ, and all further ones are counted only."""
_MOST_FLAKY = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause."""

    seen: Seen
    """Its smallest example, on both servers."""
    causes: frozenset[str]
    traits: frozenset[str]
    """What of that example matters: all else was left out."""
    count: int = 0
    """Examples that differ by it."""

    def explains(self, cause: str, found: frozenset[str]) -> bool:
        """Whether an example with these traits differs in this way because of it."""
        return cause in self.causes and self.traits <= found


class Findings:
    """Memory grows with the causes, which are bounded, and not with the examples."""

    def __init__(self) -> None:
        self.all: list[Finding] = []
        self.flaky: list[NoisyPlace] = []
        self._of_cause: Counter[str] = Counter()

    @property
    def examples(self) -> int:
        """How many examples differ."""
        return sum(finding.count for finding in self.all)

    def open(self, seen: Seen) -> list[str]:
        """The causes that no finding explains and that are worth a look; what is most breaking first."""
        found = traits(seen.example)
        return [cause for cause in reversed(seen.causes) if self._worth(cause, found)]

    def explained(self, seen: Seen, cause: str, *, enough: int = 0) -> bool:
        """Whether some finding, met so many times, is why an example differs in this way."""
        found = traits(seen.example)
        return any(one.count >= enough and one.explains(cause, found) for one in self.all)

    def count(self, seen: Seen) -> None:
        """One more example of what is known: it goes to the finding that explains it best."""
        found, causes = traits(seen.example), frozenset(seen.causes)
        at = max(range(len(self.all)), key=lambda number: _likeness(self.all[number], causes, found))
        self.all[at] = replace(self.all[at], count=self.all[at].count + 1)

    def add(self, seen: Seen) -> None:
        """A new finding, unless it is one that is known: then the smaller example stays."""
        finding = Finding(seen, frozenset(seen.causes), traits(seen.example))
        for number, known in enumerate(self.all):
            if known.causes == finding.causes and _alike(known, finding):
                smaller = min(known.seen, seen, key=lambda one: one.example.size)
                self.all[number] = replace(known, seen=smaller, traits=known.traits & finding.traits)
                return
        self.all.append(finding)
        self._of_cause.update(finding.causes)

    def set_apart(self, seen: Seen, differences: Iterable[Difference]) -> None:
        """Differences that did not come again."""
        where = name_of(seen.example)
        for difference in differences:
            place = NoisyPlace(where, difference.place, "flaky", (difference.old, difference.new))
            known = any((one.case, one.place) == (where, difference.place) for one in self.flaky)
            if len(self.flaky) < _MOST_FLAKY and not known:
                self.flaky.append(place)

    def _worth(self, cause: str, found: frozenset[str]) -> bool:
        if any(finding.explains(cause, found) for finding in self.all):
            return False
        return len(self.all) < MOST and self._of_cause[cause] < MOST_OF_ONE


def _alike(one: Finding, other: Finding) -> bool:
    """Whether the same is left of both, to the byte or in kind."""
    return one.traits == other.traits or _bytes(one) == _bytes(other)


def _bytes(finding: Finding) -> list[object]:
    turns = finding.seen.example.turns
    return [(getattr(turn.message, "data", turn.message), turn.delivery, turn.half_close) for turn in turns]


def _likeness(finding: Finding, causes: frozenset[str], found: frozenset[str]) -> tuple[bool, int, int]:
    return finding.traits <= found, len(finding.causes & causes), len(finding.traits & found)
