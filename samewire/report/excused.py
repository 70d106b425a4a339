"""The differences that entries of the configuration accept, by entry, and how long they still do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from samewire.result import Difference, DiffResult

SOON = 14
"""Days before its last one from which on an entry is warned of."""


class Excused(NamedTuple):
    """What one entry accepts: a difference in every answer needs one row and not a thousand."""

    reason: str
    owner: str
    until: str
    times: int
    example: Difference

    def days_left(self, today: date) -> int:
        """0 on the last day."""
        return (date.fromisoformat(self.until) - today).days

    def soon(self, today: date) -> bool:
        """Whether it is time to mend it or to ask for a later day."""
        return self.days_left(today) <= SOON


def excused(result: DiffResult) -> tuple[Excused, ...]:
    """By entry, the one that expires first first."""
    entries: dict[tuple[str, str, str], list[Difference]] = {}
    for accepted in (accepted for pair in result.pairs for accepted in pair.accepted):
        entries.setdefault((accepted.reason, accepted.owner, accepted.until), []).append(accepted.difference)
    found = [Excused(*entry, len(differences), differences[0]) for entry, differences in entries.items()]
    return tuple(sorted(found, key=lambda entry: entry.until))


def expiring(results: Iterable[DiffResult], today: date) -> tuple[str, ...]:
    """Entries that hold for `SOON` days or less, in words."""
    found = dict.fromkeys(
        f"accepted difference at {entry.example.place!r} ({entry.reason}) expires {_when(entry, today)}: "
        f"mend it, or ask {entry.owner} for a later day"
        for result in results
        for entry in excused(result)
        if entry.soon(today)
    )
    return tuple(found)


def _when(entry: Excused, today: date) -> str:
    days = entry.days_left(today)
    return f"on {entry.until}, {'after today' if days <= 0 else f'in {days} day' + ('' if days == 1 else 's')}"
