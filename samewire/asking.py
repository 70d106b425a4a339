"""In which order and how often both targets are asked about a case, and what they answered so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random

from samewire.cases.model import Case
from samewire.launch import Running
from samewire.noise import Samples
from samewire.result import CaseRun

_ROUNDS = 3
"""How often both targets are asked again about a difference, at the most."""
_APART = 1.2
"""Seconds after the first asking at which a clock that counts seconds has moved on."""


@dataclass(slots=True)
class Asked:
    """What was seen so far of one case on the targets of a pair."""

    case: Case
    old: Running
    new: Running
    second: Running | None
    """A second start of the old target."""
    runs: dict[Running, list[CaseRun]] = field(default_factory=dict)
    """In the order of asking."""
    rounds: int = 0
    """How often both were asked again."""

    def first_order(self, seed: int) -> list[Running]:
        """Each target twice, by chance: what changes with time is then no difference between the two.

        A case that changes state is asked for once, and once of the second start.
        """
        if self.case.unsafe:
            return [self.old, self.new, *self._second]
        return Random(f"{seed} {self.case.id}").sample([self.old, self.new] * 2, 4)

    def next_order(self, seed: int) -> list[Running]:
        """Each target once more, the second start among them."""
        self.rounds += 1
        order = Random(f"{seed} {self.case.id} {self.rounds}").sample([self.old, self.new], 2)
        return [*order, *self._second]

    @property
    def finished(self) -> bool:
        """Whether asking again may do harm or teaches nothing new."""
        return self.case.unsafe or self.rounds == _ROUNDS

    @property
    def pause(self) -> float:
        """Seconds until clocks have moved on since the old target was asked first."""
        return max(0.0, self.runs[self.old][0].transcript.began + _APART - time.time())

    def samples(self) -> Samples:
        seen = {target: tuple(run.transcript for run in runs) for target, runs in self.runs.items()}
        return Samples(seen[self.old], seen[self.new], seen.get(self.second, ()) if self.second else ())

    @property
    def _second(self) -> list[Running]:
        return [self.second] if self.second else []
