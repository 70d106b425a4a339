"""Decides whether two answers to one record are the same: at a glance where that is enough, else by the comparison."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from parity.cases.reproducer import reproduce
from parity.check.filling import Filling
from parity.check.standing import check_invariants
from parity.compare import bounded, compare, redact
from parity.compare.rules import Excuses
from parity.compare.transcripts import Noise
from parity.config import Config
from parity.engine import Session
from parity.exchange import Answer, Answered, Transcript
from parity.launch import Running
from parity.replay.alike import deltas, names_in_bytes
from parity.replay.ids import Carried
from parity.replay.noises import Noises, Route
from parity.replay.requests import case_of
from parity.replay.seen import Seen, transcript
from parity.replay.standing import glance
from parity.result import CaseRun, Difference, Failure, PairResult
from parity.traffic import Record

_SAMPLES = 2
"""Further answers of the old server that are asked for, to see what of a difference is noise."""


Again = Callable[[], Awaitable[Transcript]]
"""Asks the old server once more."""


class Both(NamedTuple):
    """A record's transcripts."""

    old: Transcript
    new: Transcript


class Judge:
    """Knows the rules, what has been learnt of noise, and what is accepted."""

    def __init__(self, session: Session, config: Config, old: Running, new: Running) -> None:
        self.noises = Noises(config.rules)
        self._session = session
        self._config = config
        self._sides = old, new
        self._glance = glance(config.invariants)
        self._names = names_in_bytes(old.address), names_in_bytes(new.address)

    def transcripts(self, record: Record, old: Seen, new: Seen) -> Both:
        """What was seen, as the comparison takes it."""
        return Both(self.transcript(0, record, old), self.transcript(1, record, new))

    def transcript(self, side: int, record: Record, seen: Seen) -> Transcript:
        """The same of one side: 0 is the old one."""
        return transcript(seen, record.id, self._sides[side].name, self._sides[side].address)

    def alike(self, record: Record, route: Route, old: Seen, new: Seen, carried: Carried | None = None) -> bool:
        """Whether a glance shows that they are the same, and nothing is wrong with either; False is no verdict."""
        found = deltas(old, new, self._names)
        if found is None or old.answer is None or new.answer is None:
            return False
        if found:
            both, answers = self.transcripts(record, old, new), (old.answer, new.answer)
            excuses, noise = Excuses(self._config.rules, record.id), self._noise(route, carried)
            for delta in found:
                if not excuses.excuse(delta.place, delta, answers) and not noise.tolerates(
                    delta.place, delta, *both, answers
                ):
                    return False
        return self._glance(old.answer) and self._glance(new.answer)

    async def judged(
        self, record: Record, route: Route, both: Both, again: Again | None, carried: Carried | None = None
    ) -> PairResult:
        """The whole comparison; `again` is None where asking again might do harm."""
        found = self._found(route, both, carried)
        if again is not None and self._session.accept(found).remaining:
            async with self.noises.one_at_a_time(route):
                found = await self._asked_again(route, both, again, carried)
        return self._pair(record, both, found)

    async def _asked_again(
        self, route: Route, both: Both, again: Again, carried: Carried | None
    ) -> tuple[Difference, ...]:
        """What is left when what can be learnt of the route is learnt; another worker may have done so by now."""
        found = self._found(route, both, carried)
        left = self._session.accept(found).remaining
        if not left or not self.noises.worth_asking(route, left):
            return found
        self.noises.learn(route, [both.old, *[await again() for _ in range(_SAMPLES)]])
        return self._found(route, both, carried)

    def _found(self, route: Route, both: Both, carried: Carried | None) -> tuple[Difference, ...]:
        return compare(*both, self._config.rules, self._noise(route, carried))

    def _noise(self, route: Route, carried: Carried | None) -> Noise:
        """What varies by itself on this route, and, in a session, the ids that go together."""
        noise = self.noises.of(route)
        return carried.over(noise) if carried else noise

    def finished(self, record: Record, pair: PairResult) -> PairResult:
        """With what only a report needs."""
        return replace(pair, reproducer=reproduce(case_of(record), self._sides[1].address))

    def _pair(self, record: Record, both: Both, found: Sequence[Difference]) -> PairResult:
        applied = self._session.accept(found)
        what = f"{record.method} {record.target}" if record.raw is None else "raw bytes"
        return PairResult(
            case=record.id,
            title=bounded(redact(what)),
            why=f"it stands in the traffic at {record.id}",
            old=CaseRun(both.old, self._failing(record, 0, both.old)),
            new=CaseRun(both.new, self._failing(record, 1, both.new)),
            differences=applied.remaining,
            accepted=applied.accepted,
            reproducer="",
        )

    def _failing(self, record: Record, side: int, transcript: Transcript) -> tuple[Failure, ...]:
        answers = [seen.answer for seen in transcript.observations if isinstance(seen, Answered) and seen.answer]
        return tuple(failure for answer in answers for failure in self._failures(record, side, answer))

    def _failures(self, record: Record, side: int, answer: Answer) -> Iterator[Failure]:
        """What the answer misses of the configuration's invariants; nothing else is expected of an answer to traffic."""
        if self._config.invariants:
            filling = Filling("", self._sides[side].address.authority)
            yield from check_invariants(self._config.invariants, record.id, self._sides[side].name, answer, filling)
