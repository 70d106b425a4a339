"""Decides from several answers of both servers what is a difference, what is noise, and what only flickers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from samewire.compare import Found, Rule, deltas, differences, shown_place, shown_sides
from samewire.exchange import Transcript
from samewire.noise.learning import learn
from samewire.noise.model import Noise
from samewire.noise.numbers import PROVEN
from samewire.result import Difference, Grade, NoisyPlace

FLAKY_ON_NEW = "flaky on new"
_COMES_AGAIN = 2
"""So often a difference must show, where each side was asked several times."""


@dataclass(frozen=True, slots=True)
class Samples:
    """All answers to one case, in the order of asking; neither side is empty."""

    old: tuple[Transcript, ...]
    new: tuple[Transcript, ...]
    second: tuple[Transcript, ...] = ()
    """Of another start of the old server."""


class Judged(NamedTuple):
    """What the samples of one case come to."""

    differences: tuple[Difference, ...]
    flaky: tuple[NoisyPlace, ...]
    """Where the new side differed once, and not when it was asked again."""
    noise: Noise
    """Of the old side."""
    unsettled: bool
    """Whether more answers would tell what these can't: a class, or whether the new side keeps to it."""


def judge(samples: Samples, rules: Sequence[Rule], presumed: Noise | None = None) -> Judged:
    """Hold every answer of the new side against the first of the old, knowing what varies on the old side by itself.

    A difference counts that shows at least twice, or in half of the new answers where the old side varies, too; of a
    side that was asked once, all do. What shows less is flaky on the new side. `presumed` is noise known from
    elsewhere.
    """
    learnt = learn((*samples.old, *samples.second), rules)
    noise = learnt if presumed is None else learnt.merged(presumed)
    old = samples.old[0]
    parting = [list(deltas(old, new, rules)) for new in samples.new]
    found = [differences(one, old, new, noise) for one, new in zip(parting, samples.new, strict=True)]
    counts = Counter(place for one in found for place in {difference.place for difference in one})
    counting = {p for p, times in counts.items() if _counts(times, len(found), noise.at(p) is not None)}
    firsts = _first_at_each_place(found)
    left = [one for one in firsts if one.place in counting]
    left += [one for one in _unlike_itself(samples.new, parting[0], rules, noise) if one.place not in counts]
    flaky = {one.place: _flaky(one) for one in firsts if one.place not in counting}
    unsettled = learnt.unsettled or _too_close(samples.new, parting[0], noise)
    return Judged(tuple(dict.fromkeys(left)), tuple(flaky.values()), learnt, unsettled)


def _first_at_each_place(found: Sequence[Sequence[Difference]]) -> list[Difference]:
    """Of several answers; what one answer has at a place is kept whole."""
    firsts: list[Difference] = []
    for one in found:
        known = {difference.place for difference in firsts}
        firsts += [difference for difference in one if difference.place not in known]
    return firsts


def _counts(times: int, asked: int, varies: bool) -> bool:
    if asked < _COMES_AGAIN:
        return True
    return times >= _COMES_AGAIN and (not varies or 2 * times >= asked)


def _unlike_itself(
    new: Sequence[Transcript], parting: Sequence[Found], rules: Sequence[Rule], noise: Noise
) -> Iterator[Difference]:
    """Where the new side breaks from answer to answer the class that the old side keeps to.

    `parting` is where its first answer parts from the old side's.
    """
    moved: set[str] = set()
    for earlier, later in pairwise(new):
        found = list(deltas(earlier, later, rules))
        moved |= {item.place for item in found}
        for difference in differences(found, earlier, later, noise):
            entry = noise.at(difference.place)
            if entry is not None and entry.checked:
                said = f"{entry.kind}: {' and '.join(entry.example)}"
                yield _between(difference.case, difference.place, said, f"{difference.old}, then {difference.new}")
    if len(new) > 1:
        yield from (_frozen(item, new[0], noise) for item in parting if _is_frozen(item, new, moved, noise))


def _is_frozen(item: Found, new: Sequence[Transcript], moved: Collection[str], noise: Noise) -> bool:
    """Whether there the old side makes a token anew each time, or shows how long it is up, and the new side does not."""
    entry = noise.at(item.place)
    if entry is None or item.place in moved or not item.delta.new:
        return False
    if entry.kind == "uptime":  # two of the old side may be the same: they were asked in the same millisecond
        return new[-1].began - new[0].began >= PROVEN
    return entry.unique and entry.kind in ("uuid", "token")


def _too_close(new: Sequence[Transcript], parting: Sequence[Found], noise: Noise) -> bool:
    """Whether the new side was asked in too short a time to see that its uptime stands still."""
    if len(new) < _COMES_AGAIN or new[-1].began - new[0].began >= PROVEN:
        return False
    return any((entry := noise.at(item.place)) is not None and entry.kind == "uptime" for item in parting)


def _frozen(item: Found, new: Transcript, noise: Noise) -> Difference:
    entry = noise.at(item.place)
    said = f"{entry.kind}, another each time: {' and '.join(entry.example)}" if entry else ""
    return _between(new.case, shown_place(item.place), said, f"the same each time: {shown_sides(item, new.secrets)[1]}")


def _between(case: str, place: str, old: str, new: str) -> Difference:
    return Difference(case, place, old, new, Grade.BREAKING)


def _flaky(difference: Difference) -> NoisyPlace:
    return NoisyPlace(difference.case, difference.place, FLAKY_ON_NEW, (difference.old, difference.new))
