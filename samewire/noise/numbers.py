"""Numbers that vary: counters and what grows with the clock; and figures that jitter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from samewire.ascii import whole_number
from samewire.noise.seen import Seen

WIDENED = 10.0
"""Figures may leave the range that was seen by so many times its width."""
_COUNT = re.compile("0|[1-9][0-9]{0,17}")
_FIGURE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_STRIDE = 1000
"""A counter may count what others do, too: it may step by so much more than ten times the largest step seen."""
PROVEN = 0.5
"""Seconds between samples from which on growing with the clock can be told from jitter."""
_LATE = 0.25
"""Seconds by which a figure may be older or younger than its answer, besides the time the case took."""


class Counter(NamedTuple):
    """A whole number that only grows on each server, by bounded steps."""

    step: int

    @property
    def kind(self) -> str:
        return "counter"

    def admits(self, old: Seen, new: Seen) -> bool:
        if old.quoted != new.quoted or not (_COUNT.fullmatch(old.text) and _COUNT.fullmatch(new.text)):
            return False
        if (grown := _grown(old, new)) is None:
            return True
        return 0 <= grown <= 10 * self.step + _STRIDE

    def merged(self, other: Counter) -> Counter:
        return Counter(max(self.step, other.step))


@dataclass(frozen=True, slots=True)
class Growing:
    """A number with a fraction that grows as fast as the clock: an uptime in seconds."""

    @property
    def kind(self) -> str:
        return "uptime"

    def admits(self, old: Seen, new: Seen) -> bool:
        figures = figure(old.text), figure(new.text)
        if old.quoted != new.quoted or figures[0] is None or figures[1] is None or min(figures[0], figures[1]) < 0:
            return False
        return old.transcript.target != new.transcript.target or _with_the_clock(*sorted((old, new), key=_began))

    def merged(self, other: Growing) -> Growing:
        return self


class Jitter(NamedTuple):
    """A number within the range that was seen, widened by WIDENED times its width on either side."""

    low: float
    high: float
    may_grow: bool = False
    """Whether it grew as the clock does, and for too short a time to tell that from chance."""

    @property
    def kind(self) -> str:
        return "jitter"

    def admits(self, old: Seen, new: Seen) -> bool:
        return old.quoted == new.quoted and self._holds(old) and self._holds(new)

    def merged(self, other: Jitter) -> Jitter:
        may_grow = self.may_grow and other.may_grow
        return Jitter(min(self.low, other.low), max(self.high, other.high), may_grow)

    def _holds(self, side: Seen) -> bool:
        found, margin = figure(side.text), WIDENED * (self.high - self.low)
        return found is not None and self.low - margin <= found <= self.high + margin


def fit_counter(samples: Sequence[Seen]) -> Counter | None:
    """Samples that are whole numbers and, on each server, never smaller than the one before."""
    if not all(_COUNT.fullmatch(sample.text) for sample in samples):
        return None
    steps = [whole_number(later.text) - whole_number(earlier.text) for earlier, later in _successive(samples)]
    return Counter(max(steps)) if steps and min(steps) >= 0 < max(steps) else None


def fit_growing(samples: Sequence[Seen]) -> Growing | None:
    """Samples far enough apart that each shows the time since the one before on the same server."""
    return Growing() if _grows(samples) and _proven(samples) else None


def fit_jitter(samples: Sequence[Seen]) -> Jitter | None:
    """Samples that are numbers."""
    figures = [found for sample in samples if (found := figure(sample.text)) is not None]
    if len(figures) < len(samples):
        return None
    return Jitter(min(figures), max(figures), may_grow=_grows(samples) and not _proven(samples))


def figure(text: str) -> float | None:
    """A number as JSON writes it; None when it is none or of more digits than a figure needs."""
    return float(text) if len(text) <= 50 and _FIGURE.fullmatch(text) else None


def _successive(samples: Sequence[Seen]) -> Iterator[tuple[Seen, Seen]]:
    """Each two that follow on the same server, in the order of asking."""
    for target in dict.fromkeys(sample.transcript.target for sample in samples):
        yield from pairwise(sorted((s for s in samples if s.transcript.target == target), key=_began))


def _grows(samples: Sequence[Seen]) -> bool:
    """Whether all have a fraction, and none is smaller than the one before, but larger by about the time since."""
    if not all("." in sample.text and figure(sample.text) is not None for sample in samples):
        return False
    pairs = list(_successive(samples))
    return bool(pairs) and all(
        float(later.text) >= float(earlier.text) and _with_the_clock(earlier, later) for earlier, later in pairs
    )


def _proven(samples: Sequence[Seen]) -> bool:
    """Whether two of one server lie so far apart that growth is no chance."""
    return any(later.began - earlier.began >= PROVEN for earlier, later in _successive(samples))


def _with_the_clock(earlier: Seen, later: Seen) -> bool:
    grown, passed = float(later.text) - float(earlier.text), later.began - earlier.began
    return abs(grown - passed) <= _LATE + (earlier.ended - earlier.began) + (later.ended - later.began)


def _grown(one: Seen, other: Seen) -> int | None:
    """By how much a counter grew from the earlier asking to the later; None between two servers."""
    if one.transcript.target != other.transcript.target:
        return None
    earlier, later = sorted((one, other), key=_began)
    return whole_number(later.text) - whole_number(earlier.text)


def _began(side: Seen) -> float:
    return side.began
