"""Which id of the recording goes with which of the old server, and which of the new: one with one, both ways."""

from __future__ import annotations

from typing import NamedTuple

MOST = 2000
"""Ids kept of one session; those that were not returned for longest are forgotten first."""


class Own(NamedTuple):
    """What an id of the recording is called on each side."""

    old: str
    new: str


class Table:
    """The ids of one session."""

    def __init__(self) -> None:
        self.old_names: dict[str, str] = {}
        """By recorded id, what it is called on the old side."""
        self.new_names: dict[str, str] = {}
        self._new_of: dict[str, str] = {}
        self._old_of: dict[str, str] = {}

    def bind(self, recorded: str, own: Own) -> None:
        """They are the same id. What goes with another already keeps to that, so that the difference is seen."""
        if self.together(own.old, own.new) is False:
            return
        self._new_of.pop(own.old, None)
        self._new_of[own.old], self._old_of[own.new] = own.new, own.old
        self.old_names.pop(recorded, None)
        self.old_names[recorded], self.new_names[recorded] = own.old, own.new
        self._forget()

    def together(self, old: str, new: str) -> bool | None:
        """Whether these two go together; None when neither is known."""
        mine, theirs = self._new_of.get(old), self._old_of.get(new)
        return None if mine is None and theirs is None else mine == new

    def _forget(self) -> None:
        """A dict keeps its order, and what is bound again goes to its end."""
        if len(self.old_names) > MOST:
            oldest = next(iter(self.old_names))
            del self.old_names[oldest], self.new_names[oldest]
        if len(self._new_of) > MOST:
            self._old_of.pop(self._new_of.pop(next(iter(self._new_of))), None)
