"""Carries out cases on targets: each once on each, its expectation and its comparison reading the same transcript."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from parity.cases.model import Case
from parity.cases.reproducer import reproduce
from parity.check import check
from parity.compare import Accepted, Applied, apply, compare, stale
from parity.config import Config
from parity.exchange import Transcript
from parity.faults import fault
from parity.launch import Running
from parity.result import CaseRun, CheckedCase, CheckResult, Difference, DiffResult, PairResult
from parity.run import run_case
from parity.traffic import Skipped
from parity.wire import impossible

_AT_ONCE = 8
"""Cases under way at the same time; each has connections of its own."""


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

    def __init__(self, config: Config, today: date | None = None) -> None:
        self._config = config
        self._today = today or date.today()
        self._runs: dict[tuple[str, Running], asyncio.Future[CaseRun]] = {}
        self._used: set[Accepted] = set()

    async def run(self, case: Case, target: Running) -> CaseRun:
        """The case on the target. Never raises for what a server does."""
        key = (case.id, target)
        if key not in self._runs:
            self._runs[key] = asyncio.ensure_future(self.carry_out(case, target))
        return await self._runs[key]

    async def pair(self, case: Case, old: Running, new: Running) -> PairResult:
        """The case on both targets, and the differences."""
        if case.unsafe:
            old_run, new_run = await self.run(case, old), await self.run(case, new)
        else:
            old_run, new_run = await asyncio.gather(self.run(case, old), self.run(case, new))
        found = self.accept(compare(old_run.transcript, new_run.transcript, self._config.rules))
        return PairResult(
            case=case.id,
            title=case.title,
            why=case.why,
            old=old_run,
            new=new_run,
            differences=found.remaining,
            accepted=found.accepted,
            reproducer=reproduce(case, new.address),
        )

    def accept(self, found: Iterable[Difference]) -> Applied:
        """These differences without the accepted ones; what accepts them counts as used."""
        applied = apply(found, self._config.accepted, self._today)
        self._used |= applied.used
        return applied

    def judge(self, old: CaseRun, new: CaseRun) -> Applied:
        """The differences between two runs of a case; no accepted difference counts as used by it."""
        found = compare(old.transcript, new.transcript, self._config.rules)
        return apply(found, self._config.accepted, self._today)

    def stale(self, *, full: bool) -> tuple[str, ...]:
        """Accepted differences that have expired or, when all cases were run on the pair they are for, do not occur."""
        return stale(self._config.accepted, self._used, self._today, full=full)

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
    """Every case on both targets; `full` says that accepted differences that do not occur are stale."""
    chosen, skipped, left_out = _allowed(cases, (old, new))
    total = len(chosen)
    done: dict[str, PairResult] = {}

    async def one(case: Case) -> None:
        pair = done[case.id] = await session.pair(case, old, new)
        right = not pair.differences and pair.old.passed and pair.new.passed
        progress(Done(case.id, right, len(done), total))

    await _each(chosen, one)
    pairs = tuple(done[case.id] for case in chosen)
    observed = full and not skipped and all(pair.evident for pair in pairs)
    return DiffResult(old.name, new.name, pairs, session.stale(full=observed), skipped=skipped, left_out=left_out)


async def check_target(session: Session, target: Running, cases: Sequence[Case], progress: Progress) -> CheckResult:
    """Every case on one target."""
    chosen, skipped, left_out = _allowed(cases, (target,))
    total = len(chosen)
    done: dict[str, CheckedCase] = {}

    async def one(case: Case) -> None:
        run = await session.run(case, target)
        done[case.id] = CheckedCase(case.id, case.title, case.why, run, reproduce(case, target.address))
        progress(Done(case.id, run.passed, len(done), total))

    await _each(chosen, one)
    return CheckResult(target.name, tuple(done[case.id] for case in chosen), skipped=skipped, left_out=left_out)


class _Choice(NamedTuple):
    """The cases that are carried out, the ids of the others, and of those that are not possible at all, why."""

    cases: list[Case]
    skipped: tuple[str, ...]
    left_out: tuple[Skipped, ...]


def _allowed(cases: Sequence[Case], targets: Sequence[Running]) -> _Choice:
    disposable = all(target.disposable for target in targets)
    of_http_1 = all(target.address.access.http == "1.1" for target in targets)
    reasons = {} if of_http_1 else {case.id: why for case in cases if (why := impossible(case))}
    chosen = [case for case in cases if case.id not in reasons and (disposable or not case.unsafe)]
    kept = {case.id for case in chosen}
    skipped = tuple(case.id for case in cases if case.id not in kept)
    return _Choice(chosen, skipped, tuple(Skipped(*one) for one in reasons.items()))


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
