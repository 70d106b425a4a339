"""Moments that move with the clock: now, or so and so long before or after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from samewire.noise.moments import Moment, moment
from samewire.noise.seen import Seen

TOLERANCE = 10.0
"""Seconds by which a side may be further off than the samples were: two machines' clocks."""
NEAR = 2.0
"""Seconds from the time of asking within which a moment is now, without any sample that shows it move."""
_FARTHEST = 400 * 86400.0
"""Seconds: a number that would be a moment further away is rather some other number."""


class Clock(NamedTuple):
    """Written one way, and off the time of asking by what was seen."""

    form: str
    low: float
    high: float

    @property
    def kind(self) -> str:
        return "clock"

    def admits(self, old: Seen, new: Seen) -> bool:
        return old.quoted == new.quoted and self._holds(old) and self._holds(new)

    def merged(self, other: Clock) -> Clock | None:
        if self.form != other.form:
            return None
        return Clock(self.form, min(self.low, other.low), max(self.high, other.high))

    def _holds(self, side: Seen) -> bool:
        found = moment(side.text)
        if found is None or found.form != self.form:
            return False
        return self.low - TOLERANCE <= _offset(found, side) <= self.high + TOLERANCE


def fit_clock(samples: Sequence[Seen]) -> Clock | None:
    """Samples all of one form, and all as far from the time of their asking."""
    moments = [found for sample in samples if (found := moment(sample.text))]
    if len(moments) < len(samples) or len({found.form for found in moments}) > 1 or not all(s.began for s in samples):
        return None
    offsets = [_offset(found, sample) for found, sample in zip(moments, samples, strict=True)]
    low, high = min(offsets), max(offsets)
    return Clock(moments[0].form, low, high) if high - low <= TOLERANCE and -_FARTHEST < low < _FARTHEST else None


def both_now(old: Seen, new: Seen) -> bool:
    """Whether either value is the time at which it was asked for: a clock, whatever the samples show."""
    mine, theirs = moment(old.text), moment(new.text)
    if mine is None or theirs is None or mine.form != theirs.form or not (old.began and new.began):
        return False
    return abs(_offset(mine, old)) <= NEAR and abs(_offset(theirs, new)) <= NEAR


def _offset(found: Moment, side: Seen) -> float:
    """Seconds before (negative) or after the time between asking and the end of the case."""
    if found.at < side.began:
        return found.at - side.began
    return max(0.0, found.at - side.ended)
