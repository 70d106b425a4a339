"""Asks two servers the same thing again and again, in turns of random order, one at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from samewire.cases.build import expect, finish
from samewire.cases.model import Case, Request, Send
from samewire.exchange import Answered, Transcript
from samewire.streaming.arrival import Judged, judge
from samewire.streaming.shares import share

Ask = Callable[[Case], Awaitable[Transcript]]
"""Carries the case out on one target."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What all repeats on one target showed."""

    shares: tuple[float | None, ...]
    last: Transcript
    """Of the last repeat."""

    @property
    def judged(self) -> Judged:
        return judge(self.shares)


def streaming_case(id: str, request: Request, timeout: float, why: str) -> Case:
    """One request, whose connection is left when the answer is whole: nothing else takes time."""
    target = request.target
    steps = (Send(send=request), expect(()), finish("close"))
    return Case(id=id, title=f"{target} arrives as it is made", why=why, steps=steps, timeout=timeout)


async def sample(
    case: Case, old: Ask, new: Ask, repeats: int, random: Random, told: Callable[[int], None] = lambda done: None
) -> tuple[Sampled, Sampled]:
    """`repeats` answers of each target. In each turn chance says which one is asked first, so that what slows the
    machine for a while meets both alike."""
    runs: tuple[list[Transcript], list[Transcript]] = ([], [])
    for turn in range(repeats):
        for side in random.sample((0, 1), 2):
            runs[side].append(await (old, new)[side](case))
        told(turn + 1)
    one, other = (Sampled(tuple(map(_share, side)), side[-1]) for side in runs)
    return one, other


def _share(transcript: Transcript) -> float | None:
    seen = (one.answer for one in transcript.observations if isinstance(one, Answered))
    answer = next(seen, None)
    return share(answer) if answer is not None and answer.status < 300 else None
