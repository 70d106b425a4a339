"""Carries out cases on targets: its expectation and its comparison reading the same transcript."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from samewire.allowed import allowed
from samewire.asking import Asked
from samewire.cases.model import Case
from samewire.cases.reproducer import reproduce
from samewire.check import check
from samewire.check.filling import kept_to_show
from samewire.clusters import general_place
from samewire.compare import Accepted, Applied, apply, compare, regraded, stale
from samewire.config import Config
from samewire.exchange import Transcript
from samewire.faults import fault
from samewire.interrupt import Interrupted
from samewire.launch import Running
from samewire.noise import Judged, Noise, judge
from samewire.result import CaseRun, CheckedCase, CheckResult, Difference, DiffResult, NoisyPlace, PairResult
from samewire.run import run_case

_AT_ONCE = 8
"""Cases under way at the same time; each has connections of its own."""
_MAX_ASKED_AGAIN = 100
"""Cases that are asked again: with more that differ, it is not noise."""


class Compared(NamedTuple):
    """A case on both targets, and what in it varies by itself."""

    pair: PairResult
    noise: tuple[NoisyPlace, ...]


class Done(NamedTuple):
    """A case is done on one target or on a pair."""

    case: str
    right: bool
    number: int
    """How many are done by now."""
    total: int


Progress = Callable[[Done], None]


class Session:
    """Targets that serve, and what each case showed on each: carried out when first asked for, and only then."""

    def __init__(
        self,
        config: Config,
        today: date | None = None,
        *,
        again: tuple[Running, Running] | None = None,
        seed: int | None = None,
    ) -> None:
        """`again` is a target and a second start of it: what differs between the two says nothing of a third.

        `seed` is of the order in which targets are asked; else a new one.
        """
        self.seed = secrets.randbits(32) if seed is None else seed
        self._config = config
        self._today = today or date.today()
        self._again = again
        self._runs: dict[tuple[str, Running], asyncio.Future[CaseRun]] = {}
        self._used: set[Accepted] = set()
        self._asked_again = 0
        self._learnt: dict[tuple[str, str], Noise] = {}
        """Of each case, on the target of that name."""
        self._everywhere: dict[str, Noise] = {}
        """Of all answers of a target."""

    @property
    def allow_unsafe(self) -> bool:
        """Whether cases that may change state are sent to targets that are not disposable, too."""
        return self._config.allow_unsafe

    async def run(self, case: Case, target: Running) -> CaseRun:
        """The case on the target. Never raises for what a server does."""
        key = (case.id, target)
        if key not in self._runs:
            self._runs[key] = asyncio.ensure_future(self.carry_out(case, target))
        return await self._runs[key]

    async def pair(self, case: Case, old: Running, new: Running) -> PairResult:
        """The case on both targets, and the differences."""
        return (await self.compared(case, old, new)).pair

    async def compared(self, case: Case, old: Running, new: Running) -> Compared:
        """Also what varies in the case by itself.

        Each target is asked twice, in random order, and both again while there is a difference that may be noise, or a
        figure that may grow with the clock; a case that changes state is asked for once, and once of the second start of
        the old target.
        """
        asked = Asked(case, old, new, self.second(old))
        for target in asked.first_order(self.seed):
            await self._ask(asked, target)
        judged, applied = await self._judge(asked)
        while (applied.remaining or judged.flaky or judged.unsettled) and await self._ask_again(asked):
            judged, applied = await self._judge(asked)
        self._used |= applied.used
        self._learnt[case.id, old.name] = judged.noise
        self._everywhere[old.name] = self._everywhere.get(old.name, Noise()).merged(judged.noise.everywhere)
        runs = asked.runs[old][0], asked.runs[new][0]
        right = not applied.remaining and all(run.passed for run in runs)
        pair = PairResult(
            case=case.id,
            title=case.title,
            why=case.why,
            old=runs[0],
            new=runs[1],
            differences=applied.remaining,
            accepted=applied.accepted,
            reproducer="" if right else _reproducer(case, runs[1], new),
        )
        return Compared(pair, (*judged.noise.places, *judged.flaky))

    def second(self, old: Running) -> Running | None:
        """The second start of this target, if there is one."""
        return self._again[1] if self._again and self._again[0] == old else None

    def accept(self, found: Iterable[Difference]) -> Applied:
        """These differences without the accepted ones; what accepts them counts as used."""
        applied = self._apply(found)
        self._used |= applied.used
        return applied

    async def acquaint(self, case: Case, old: Running, new: Running) -> None:
        """See to it that `judge` knows what varies in the case by itself."""
        if (case.id, old.name) not in self._learnt:
            await self.compared(case, old, new)

    def judge(self, old: CaseRun, new: CaseRun) -> Applied:
        """The differences between two runs of a case; no accepted difference counts as used by it."""
        case, target = old.transcript.case, old.transcript.target
        noise = self._learnt.get((case, target), Noise()).merged(self._everywhere.get(target, Noise()))
        found = compare(old.transcript, new.transcript, self._config.rules, noise)
        return self._apply(found)

    def stale(self, *, full: bool) -> tuple[str, ...]:
        """Accepted differences that have expired or, when all cases were run on the pair they are for, do not occur."""
        return stale(self._config.accepted, self._used, self._today, full=full)

    async def _ask_again(self, asked: Asked) -> bool:
        """Once more of each target; False when there is nothing more to learn."""
        if asked.finished or (not asked.rounds and self._asked_again == _MAX_ASKED_AGAIN):
            return False
        self._asked_again += not asked.rounds
        await asyncio.sleep(asked.pause)
        for target in asked.next_order(self.seed):
            await self._ask(asked, target)
        return True

    async def _ask(self, asked: Asked, target: Running) -> None:
        runs = asked.runs.setdefault(target, [])
        runs.append(await (self.carry_out(asked.case, target) if runs else self.run(asked.case, target)))

    async def _judge(self, asked: Asked) -> tuple[Judged, Applied]:
        """In a thread: a long text that varies takes a while, in which the answers to other cases would seem late."""
        presumed = self._everywhere.get(asked.old.name) if asked.case.unsafe else None
        judged = await asyncio.to_thread(judge, asked.samples(), self._config.rules, presumed)
        return judged, self._apply(judged.differences)

    def _apply(self, found: Iterable[Difference]) -> Applied:
        return apply(regraded(found, self._config.grades), self._config.accepted, self._today)

    async def carry_out(self, case: Case, target: Running) -> CaseRun:
        """The case on the target, now and whether or not it was before."""
        try:
            transcript = await run_case(case, target.name, target.address, probe=target.probe)
        except Exception as error:
            transcript = Transcript(case.id, target.name, (), 0.0, error=fault(error))
        found = check(case, transcript, target.address.authority, invariants=self._config.invariants)
        return CaseRun(transcript, found)


async def diff(
    session: Session, old: Running, new: Running, cases: Sequence[Case], progress: Progress, *, full: bool = False
) -> DiffResult:
    """Every case on both targets; `full` says that accepted differences that do not occur are stale.

    Cancelled, it raises Interrupted with the cases done so far.
    """
    chosen, skipped, left_out = allowed(cases, (old, new), unsafe=session.allow_unsafe)
    total = len(chosen)
    done: dict[str, Compared] = {}

    async def one(case: Case) -> None:
        found = done[case.id] = await session.compared(case, old, new)
        pair = found.pair
        right = not pair.differences and pair.old.passed and pair.new.passed
        progress(Done(case.id, right, len(done), total))

    try:
        await _each(chosen, one)
    except asyncio.CancelledError:
        pairs = tuple(done[case.id].pair for case in chosen if case.id in done)
        raise Interrupted(DiffResult(old.name, new.name, pairs, session.stale(full=False))) from None
    pairs = tuple(done[case.id].pair for case in chosen)
    observed = full and not skipped and all(pair.evident for pair in pairs)
    return DiffResult(
        old.name,
        new.name,
        pairs,
        session.stale(full=observed),
        skipped=skipped,
        left_out=left_out,
        noise=once(place for case in chosen for place in done[case.id].noise),
        asked_once=() if session.second(old) else tuple(case.id for case in chosen if case.unsafe),
        seed=session.seed,
    )


async def check_target(session: Session, target: Running, cases: Sequence[Case], progress: Progress) -> CheckResult:
    """Every case on one target."""
    chosen, skipped, left_out = allowed(cases, (target,), unsafe=session.allow_unsafe)
    total = len(chosen)
    done: dict[str, CheckedCase] = {}

    async def one(case: Case) -> None:
        run = await session.run(case, target)
        again = "" if run.passed else _reproducer(case, run, target)
        done[case.id] = CheckedCase(case.id, case.title, case.why, run, again)
        progress(Done(case.id, run.passed, len(done), total))

    await _each(chosen, one)
    return CheckResult(target.name, tuple(done[case.id] for case in chosen), skipped=skipped, left_out=left_out)


def once(places: Iterable[NoisyPlace]) -> tuple[NoisyPlace, ...]:
    """Each place once for every kind it has, with the first of its cases."""
    found: dict[tuple[str, str], NoisyPlace] = {}
    for place in places:
        found.setdefault((general_place(place.place), place.kind), place)
    return tuple(found.values())


def _reproducer(case: Case, run: CaseRun, target: Running) -> str:
    return reproduce(case, target.address, kept=kept_to_show(case, run.transcript))


async def _each(cases: Sequence[Case], one: Callable[[Case], Awaitable[None]]) -> None:
    """Several at once; those that change what others could see come last, in their order, each alone."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def slotted(case: Case) -> None:
        async with slots:
            await one(case)

    async with asyncio.TaskGroup() as group:
        for case in cases:
            if not case.unsafe:
                group.create_task(slotted(case))
    for case in cases:
        if case.unsafe:
            await one(case)
