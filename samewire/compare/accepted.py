"""Differences that are meant: each with a reason, an owner, and a last day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from samewire.compare.globs import fits, fits_place
from samewire.compare.rules import Regex
from samewire.result import AcceptedDifference, Difference


class Accepted(BaseModel):
    """An entry of `samewire.toml` that excuses a difference until a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    """A glob: `*` is any characters. Without the prefix `answer[N].` it means every answer."""
    cases: str | tuple[str, ...] = "*"
    """A glob, or several, one of which must fit."""
    old: str | None = None
    """What the old side must show, as a report writes it; None: anything."""
    new: str | None = None
    old_matches: Regex | None = None
    """A regular expression for the whole of what the old side shows."""
    new_matches: Regex | None = None
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    until: date
    """The last day on which it holds."""

    def fits(self, difference: Difference) -> bool:
        """Whether it speaks of this difference, whatever the day."""
        return (
            fits_place(self.place, difference.place)
            and any(fits(glob, difference.case) for glob in self._globs)
            and _side_fits(difference.old, self.old, self.old_matches)
            and _side_fits(difference.new, self.new, self.new_matches)
        )

    @property
    def _globs(self) -> tuple[str, ...]:
        return (self.cases,) if isinstance(self.cases, str) else self.cases


class Applied(NamedTuple):
    """Differences after the accepted ones are set apart."""

    remaining: tuple[Difference, ...]
    accepted: tuple[AcceptedDifference, ...]
    used: frozenset[Accepted]


def apply(differences: Iterable[Difference], accepted: Sequence[Accepted], today: date) -> Applied:
    """Set apart what an entry that has not expired excuses; the first that fits takes it."""
    remaining: list[Difference] = []
    excused: list[AcceptedDifference] = []
    used: set[Accepted] = set()
    for difference in differences:
        entry = next((entry for entry in accepted if today <= entry.until and entry.fits(difference)), None)
        if entry is None:
            remaining.append(difference)
        else:
            used.add(entry)
            excused.append(AcceptedDifference(difference, entry.reason, entry.owner, entry.until.isoformat()))
    return Applied(tuple(remaining), tuple(excused), frozenset(used))


def stale(accepted: Sequence[Accepted], used: Iterable[Accepted], today: date, *, full: bool) -> tuple[str, ...]:
    """In words, the entries that have expired and, after a `full` run, those that excused nothing."""
    needed = frozenset(used)
    words = []
    for entry in accepted:
        cases = entry.cases if isinstance(entry.cases, str) else ", ".join(entry.cases)
        name = f"accepted difference at {entry.place!r} in cases {cases!r}"
        if entry.until < today:
            words.append(f"{name} expired on {entry.until}: mend it, or ask {entry.owner} for a later day")
        elif full and entry not in needed:
            words.append(f"{name} no longer occurs: remove the entry from samewire.toml")
    return tuple(words)


def _side_fits(shown: str, exact: str | None, pattern: str | None) -> bool:
    return (exact is None or exact == shown) and (pattern is None or re.fullmatch(pattern, shown, re.ASCII) is not None)
