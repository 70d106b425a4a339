"""Carries out one example on both servers and says in what they differ."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from statistics import median
from typing import NamedTuple

from samewire.cases.model import Case
from samewire.compare import Applied, Rule, apply, compare, regraded
from samewire.config import Config
from samewire.exchange import Answer, Answered, Ended, Observation, Transcript
from samewire.faults import fault
from samewire.fuzz.as_case import as_case
from samewire.fuzz.causes import causes, name_of
from samewire.fuzz.example import Example, Wire
from samewire.launch import Running
from samewire.noise import Noise, learn
from samewire.result import AcceptedDifference, Difference, NoisyPlace
from samewire.run import run_case
from samewire.wire import dial

TIMED_OUT = "timed out"
ALONE = 2.0
"""Seconds to wait for a step when nothing else is under way: enough that a slow answer is not taken for none."""
_SHORTEST, _TIMES = 0.3, 10
"""The limit of one among many: so many times the usual time of an answer, and at least so many seconds."""
_A_BYTE = 0.001
_REMEMBERED = 200
_ROUTES = 2000
_MADE_ANEW = re.compile(rb"\b[0-9a-f]{16,64}\b|\b[A-Z][a-z]{2}, [^\r\n]{11,14} [0-9:]{8} GMT\b")
"""Tokens and dates in what belongs to no answer: no class of noise is learnt for it."""
_INSTANCE = Rule(place="body.json:/instance", check="own-field", field="x-request-id")
"""A problem's own id (RFC 9457 section 3.1.5), where it is the request's: else each route that fails would have to be
asked again to learn that."""


class Seen(NamedTuple):
    """An example on both servers."""

    example: Example
    old: Transcript
    new: Transcript
    differences: tuple[Difference, ...]
    accepted: tuple[AcceptedDifference, ...]

    @property
    def causes(self) -> dict[str, Difference]:
        """What differs, by its cause; what is most breaking last."""
        return causes(self.example, self.differences)

    @property
    def evident(self) -> bool:
        return bool(self.old.observations and self.new.observations) and not (self.old.error or self.new.error)

    @property
    def waited(self) -> bool:
        """Whether either side left something unanswered within the limit."""
        return any(_unanswered(side) for side in (self.old, self.new))


class Patience:
    """How long to wait for an answer when many are under way: a multiple of what answers usually take."""

    def __init__(self, shortest: float = _SHORTEST) -> None:
        self._shortest = shortest
        self._times: deque[float] = deque(maxlen=_REMEMBERED)

    def heard(self, transcript: Transcript) -> None:
        if not _unanswered(transcript):
            self._times.append(transcript.seconds)

    @property
    def limit(self) -> float:
        """Seconds."""
        usual = median(self._times) if len(self._times) >= 20 else self._shortest / _TIMES
        return min(max(self._shortest, _TIMES * usual), ALONE)

    @property
    def quiet(self) -> float:
        """Seconds after which what has no answer yet is taken to wait for one; it may still come."""
        return self.limit / 5


class Asking:
    """Two servers, and the rules by which their answers are held against each other."""

    def __init__(self, config: Config, old: Running, new: Running, patience: Patience | None = None) -> None:
        self.old = old
        self.new = new
        self.patience = patience or Patience()
        self._config = config
        self._today = date.today()
        self._rules = (*config.rules, _INSTANCE)
        self._everywhere = Noise()
        self._noise: OrderedDict[tuple[str, int], Noise] = OrderedDict()

    async def among_others(self, example: Example) -> Seen:
        """With the short limit: a difference may be one of time only."""
        seen = await self._ask(example, self.patience.limit)
        self.patience.heard(seen.old)
        self.patience.heard(seen.new)
        return seen

    async def alone(self, example: Example, limit: float = ALONE) -> Seen:
        """To be called while nothing else is under way."""
        return await self._ask(example, limit)

    async def gone(self) -> tuple[str, ...]:
        """What is to be said of a target that takes no connection any more."""
        found = []
        for side in (self.old, self.new):
            try:
                (await dial(side.address, ALONE)).leave()
            except (OSError, ValueError) as error:
                found.append(f"{side.name}: takes no connection any more: {str(error) or type(error).__name__}")
        return tuple(found)

    async def case(self, case: Case) -> Applied:
        """What differs when a case is carried out, as it will be when it is run again."""
        return self._differences(*await self._both(case), Noise())

    def learn(self, example: Example, samples: Sequence[Transcript]) -> Noise:
        """What varies in answers of the old server to the same example.

        Of it, what keeps to a class is remembered for examples like it. What flickers is of this example alone: a status
        that came and went with one malformed request must not excuse the status of another.
        """
        whole = learn(samples, self._rules, name_of(example))
        learnt = replace(whole, entries={at: one for at, one in whole.entries.items() if one.checked})
        key = _like(example)
        self._everywhere = self._everywhere.merged(learnt.everywhere)
        self._noise[key] = self._noise.get(key, self._everywhere).merged(learnt)
        self._noise.move_to_end(key)
        if len(self._noise) > _ROUTES:
            self._noise.popitem(last=False)
        return whole

    def again(self, seen: Seen, noise: Noise | None = None) -> Seen:
        """The same, by what is known now, and by `noise`."""
        return self._held_together(seen.example, seen.old, seen.new, noise)

    @property
    def noise(self) -> tuple[NoisyPlace, ...]:
        """All that was learnt."""
        return tuple(place for noise in self._noise.values() for place in noise.places)

    async def _ask(self, example: Example, limit: float) -> Seen:
        case = as_case(example, f"GEN-{example.number}", limit=limit + _delivering(example))
        return self._held_together(example, *await self._both(case))

    async def _both(self, case: Case) -> tuple[Transcript, Transcript]:
        run = secrets.token_hex(8)
        old, new = await asyncio.gather(*(_carried_out(case, side, run) for side in (self.old, self.new)))
        return levelled(old, new)

    def _held_together(self, example: Example, old: Transcript, new: Transcript, noise: Noise | None = None) -> Seen:
        known = self._noise.get(_like(example), self._everywhere)
        applied = self._differences(old, new, known if noise is None else known.merged(noise))
        return Seen(example, old, new, applied.remaining, applied.accepted)

    def _differences(self, old: Transcript, new: Transcript, noise: Noise) -> Applied:
        found = compare(old, new, self._rules, noise)
        return apply(regraded(found, self._config.grades), self._config.accepted, self._today)


async def _carried_out(case: Case, side: Running, run: str) -> Transcript:
    """A fault of our own costs one example, not the run."""
    try:
        return await run_case(case, side.name, side.address, probe=side.probe, run_token=run)
    except Exception as error:
        return Transcript(case.id, side.name, (), 0.0, error=fault(error))


def _like(example: Example) -> tuple[str, int]:
    """Examples whose answers vary in the same places: of one route, in so many turns."""
    return name_of(example), len(example.turns)


def _delivering(example: Example) -> float:
    """Seconds that it takes to send byte by byte while much else is under way, at the most."""
    slow = (turn.message for turn in example.turns if turn.delivery == "byte by byte")
    return sum(_A_BYTE * len(message.data) for message in slow if isinstance(message, Wire))


def levelled(old: Transcript, new: Transcript) -> tuple[Transcript, Transcript]:
    """Answers that were still coming on both sides when time was up, cut to what both had sent by then."""
    if len(old.observations) != len(new.observations):
        return old, new
    pairs = [_levelled(*pair) for pair in zip(old.observations, new.observations, strict=True)]
    return (
        replace(old, observations=tuple(pair[0] for pair in pairs)),
        replace(new, observations=tuple(pair[1] for pair in pairs)),
    )


def _levelled(old: Observation, new: Observation) -> tuple[Observation, Observation]:
    match old, new:
        case Answered(answer=Answer() as mine), Answered(answer=Answer() as theirs):
            if old.failure == new.failure == TIMED_OUT:
                size = min(len(mine.body), len(theirs.body))
                return replace(old, answer=_cut(mine, size)), replace(new, answer=_cut(theirs, size))
        case Ended(), Ended() if old.end == new.end and old.surplus != new.surplus:
            size = min(len(old.surplus), len(new.surplus))
            if old.end == "stuck" and old.surplus[:size] == new.surplus[:size]:
                return replace(old, surplus=old.surplus[:size]), replace(new, surplus=new.surplus[:size])
            if _MADE_ANEW.sub(b"", old.surplus) == _MADE_ANEW.sub(b"", new.surplus):
                return old, replace(new, surplus=old.surplus)
    return old, new


def _cut(answer: Answer, size: int) -> Answer:
    return replace(answer, body=answer.body[:size], chunks=())


def _unanswered(transcript: Transcript) -> bool:
    return any(
        (isinstance(seen, Answered) and seen.failure == TIMED_OUT) or (isinstance(seen, Ended) and seen.end == "stuck")
        for seen in transcript.observations
    )
