"""Decides whether two answers to one record are the same: at a glance where that is enough, else by the comparison."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from samewire.cases.reproducer import reproduce
from samewire.check.filling import Filling
from samewire.check.standing import check_invariants, check_unasked
from samewire.compare import bounded, compare, redact
from samewire.compare.rules import Excuses
from samewire.compare.transcripts import Noise
from samewire.config import Config
from samewire.engine import Session
from samewire.exchange import Answered, Transcript
from samewire.launch import Running
from samewire.noise import Noise as Learnt
from samewire.replay.alike import deltas, names_in_bytes
from samewire.replay.confirming import confirm
from samewire.replay.duo import NEW, OLD
from samewire.replay.ids import Carried
from samewire.replay.lengths import tells_lengths, tells_own_length
from samewire.replay.mold import Molded
from samewire.replay.noises import Noises, Route
from samewire.replay.requests import case_of
from samewire.replay.seen import Seen, Side, transcript
from samewire.replay.standing import glance
from samewire.result import CaseRun, Difference, Failure, PairResult
from samewire.traffic import Record

Differences = tuple[Difference, ...]
_SAMPLES = 2
"""Further answers of the old server that are asked for, to see what of a difference is noise."""
_MOST_MOLDS = 200
"""Routes of which the last contents are kept."""
Again = Callable[[int, str], Awaitable[Transcript]]
"""Asks one side once more, 0 being the old one, with a method; over the connection it has."""


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
        self._known = Side.of(old.name, old.address), Side.of(new.name, new.address)
        self._glance = glance(config.invariants)
        self._molds: dict[Route, Molded] = {}
        self._names = names_in_bytes(old.address), names_in_bytes(new.address)

    def transcripts(self, record: Record, old: Seen, new: Seen) -> Both:
        """What was seen, as the comparison takes it."""
        return Both(self.transcript(0, record, old), self.transcript(1, record, new))

    def transcript(self, side: int, record: Record, seen: Seen) -> Transcript:
        """The same of one side: 0 is the old one."""
        return transcript(seen, record.id, self._known[side])

    def alike(self, record: Record, route: Route, old: Seen, new: Seen, carried: Carried | None = None) -> bool:
        """Whether a glance shows that they are the same, and nothing is wrong with either; False is no verdict."""
        found = deltas(old, new, self._names, self._molded(route).compare)
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

    def _molded(self, route: Route) -> Molded:
        found = self._molds.get(route)
        if found is None:
            if len(self._molds) >= _MOST_MOLDS:
                self._molds.clear()
            found = self._molds[route] = Molded()
        return found

    async def judged(
        self, record: Record, route: Route, both: Both, again: Again | None, carried: Carried | None = None
    ) -> PairResult:
        """The whole comparison; `again` is None where asking again might do harm."""
        found = self._found(route, both, carried)
        if again is not None and self._session.accept(found).remaining:
            async with self.noises.one_at_a_time(route):
                noise = await self._asked_again(record, route, both, again, carried)
            found = await self._confirmed(record, route, both, again, noise)
            if await self._right_lengths(record, route, both, again, found):
                found = ()
        return self._pair(record, both, found)

    async def _asked_again(
        self, record: Record, route: Route, both: Both, again: Again, carried: Carried | None
    ) -> Noise:
        """What varies by itself, when what can be learnt from this record is learnt; another may have told by now.

        What keeps to a class is known on the route from now on; what is set aside, of this record alone.
        """
        left = self._session.accept(self._found(route, both, carried)).remaining
        if not left or not self.noises.worth_asking(route, left):
            return self._noise(route, carried)
        learnt = self.noises.learn(route, [both.old, *[await again(OLD, record.method) for _ in range(_SAMPLES)]])
        noise = self._noise(route, carried, learnt)
        still = {one.place for one in self._session.accept(self._with(noise, both)).remaining}
        self.noises.explain(route, [one for one in left if one.place not in still])
        return noise

    async def _confirmed(self, record: Record, route: Route, both: Both, again: Again, noise: Noise) -> Differences:
        """Without those that the new server shows once only; what comes again on a route is asked about there no more."""
        found = self._with(noise, both)
        left = self._session.accept(found).remaining
        doubtful = self.noises.doubtful(route, left)
        if not doubtful:
            return found

        def differing(new: Transcript) -> set[str]:
            return {one.place for one in self._with(noise, Both(both.old, new))}

        told = await confirm(found, doubtful, lambda: again(NEW, record.method), differing)
        self.noises.confirm(route, [one for one in told.counting if one.place in doubtful])
        self.noises.flicker(route, told.flaky)
        return told.counting

    async def _right_lengths(self, record: Record, route: Route, both: Both, again: Again, found: Differences) -> bool:
        """Whether only the lengths that HEAD tells differ, and each is that of its server's own content for GET, which
        differs in nothing that is not noise or accepted."""
        if not tells_lengths(record.method, self._session.accept(found).remaining):
            return False
        contents = Both(await again(OLD, "GET"), await again(NEW, "GET"))
        if not all(map(tells_own_length, both, contents)):
            return False
        pair = await self.judged(record._replace(method="GET"), route._replace(method="GET"), contents, again)
        return pair.evident and not pair.differences

    def _found(self, route: Route, both: Both, carried: Carried | None) -> tuple[Difference, ...]:
        return self._with(self._noise(route, carried), both)

    def _with(self, noise: Noise, both: Both) -> tuple[Difference, ...]:
        return compare(*both, self._config.rules, noise)

    def _noise(self, route: Route, carried: Carried | None, learnt: Learnt | None = None) -> Noise:
        """What varies by itself on this route, and in this record, and, in a session, the ids that go together."""
        known = self.noises.of(route)
        noise = known if learnt is None else known.merged(learnt)
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
        answered = [seen for seen in transcript.observations if isinstance(seen, Answered)]
        return tuple(failure for seen in answered for failure in self._failures(record, side, seen))

    def _failures(self, record: Record, side: int, seen: Answered) -> Iterator[Failure]:
        """What the answer misses of the protocol and of the configuration's invariants; traffic expects no more."""
        yield from check_unasked(seen)
        if self._config.invariants and seen.answer:
            filling = Filling("", self._sides[side].address.authority)
            name = self._sides[side].name
            yield from check_invariants(self._config.invariants, record.id, name, seen.answer, filling)
