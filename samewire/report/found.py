"""All that one command found, whichever command it was: what every report is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from samewire.comparison import Comparison
from samewire.result import CheckResult, DiffResult


@dataclass(frozen=True, slots=True)
class Found:
    """Comparisons of two targets, and targets held against the cases alone; either may be missing."""

    comparisons: tuple[Comparison, ...] = ()
    checks: tuple[CheckResult, ...] = ()

    @classmethod
    def of(cls, found: Found | Comparison | DiffResult) -> Found:
        """What a command has at hand, as what reports read."""
        match found:
            case Found():
                return found
            case Comparison():
                return cls((found,))
            case DiffResult():
                return cls((Comparison(found),))

    @property
    def diffs(self) -> tuple[DiffResult, ...]:
        return tuple(comparison.diff for comparison in self.comparisons)

    @property
    def exit_status(self) -> int:
        return worst([*(check.exit_status for check in self.checks), *(one.exit_status for one in self.comparisons)])


def worst(statuses: Iterable[int]) -> int:
    """A target that did not start says most, then what is wrong, then what is not known; nothing at all is not known."""
    seen = frozenset(statuses)
    return next((status for status in (4, 1, 3) if status in seen), 0 if seen else 3)
