"""What repeats show of how an answer arrives. A single one shows nothing: reads coalesce, and machines stall.

Each repeat is a coin: its content is spread over the answer's time, or it came at once, or neither clearly. If the
server were of no kind, either would be as likely as not; how unlikely so many of one side are then is the binomial
(sign) test's answer. Two servers are told apart by Fisher's test: the exact permutation test on how many of each one's
repeats were spread, so it asks nothing of how times are distributed, and ties do it no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb
from statistics import median

SPREAD = 0.1
"""From this share of the duration on, content is spread over it."""
AT_ONCE = 0.02
"""Up to this share, content came at once."""
CONFIDENCE = 0.99
"""What a verdict needs; without it there is none."""


class Arrival(StrEnum):
    """How a server's answer arrives."""

    INCREMENTAL = "incremental"
    BUFFERED = "buffered"
    UNDECIDED = "undecided"
    """Neither is shown: too few repeats, or answers of both kinds, or of none."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How one server's answer arrives, by all its repeats."""

    arrival: Arrival
    confidence: float
    """That it is so, from 0 to 1; of `undecided`, that of the likelier one, which is not enough."""
    repeats: int
    spread: int
    """Of the repeats: those whose content is spread over the answer's time."""
    at_once: int
    median: float
    """Of the shares of the duration that lie between the first content and the last."""

    def __str__(self) -> str:
        found = f"{self.spread} of {self.repeats} answers spread over their time, {self.at_once} at once"
        return f"{self.arrival}: {found} (confidence {_percent(self.confidence)})"


def judge(shares: Iterable[float | None]) -> Judged:
    """By the shares of all repeats; one without a share, because it has no whole answer, counts for neither."""
    known = list(shares)
    found = [share for share in known if share is not None]
    spread, at_once = sum(share >= SPREAD for share in found), sum(share <= AT_ONCE for share in found)
    incremental, buffered = (_confidence(number, len(known)) for number in (spread, at_once))
    arrival, confidence = max((incremental, Arrival.INCREMENTAL), (buffered, Arrival.BUFFERED))[::-1]
    decided = arrival if confidence >= CONFIDENCE else Arrival.UNDECIDED
    return Judged(decided, confidence, len(known), spread, at_once, median(found) if found else 0.0)


def chance(old: Judged, new: Judged) -> float:
    """How likely it is, between servers that do not differ, that so much fewer of the new one's repeats are spread."""
    spread, repeats = old.spread + new.spread, old.repeats + new.repeats
    ways = range(max(old.spread, spread - new.repeats), min(old.repeats, spread) + 1)
    return sum(comb(old.repeats, way) * comb(new.repeats, spread - way) for way in ways) / comb(repeats, spread)


def pieces_lost(old: Judged, new: Judged) -> bool:
    """Whether what the old server sends as it is made the new one clearly sends all at once."""
    clear = old.arrival is Arrival.INCREMENTAL and new.arrival is Arrival.BUFFERED
    return clear and chance(old, new) <= 1 - CONFIDENCE


def suspicious(old: Sequence[float | None], new: Sequence[float | None]) -> bool:
    """Whether a few repeats leave it open that pieces are lost: some of the old ones spread, not most of the new ones.

    It only saves further repeats where there is nothing to find; what there is, all repeats together decide.
    """
    one, other = judge(old), judge(new)
    return one.spread > 0 and 2 * other.spread <= other.repeats


def _confidence(number: int, repeats: int) -> float:
    """1 less the chance of so many or more if each were as likely as not."""
    return 1 - sum(comb(repeats, more) for more in range(number, repeats + 1)) / float(2**repeats)


def _percent(confidence: float) -> str:
    """Never a certainty."""
    return "over 99.99 %" if confidence > 0.9999 else f"{100 * confidence:.2f} %"
