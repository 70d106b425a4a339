"""Carries out the cases derived from others, and puts what they show to what the others showed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from samewire.cases.model import Case
from samewire.engine import Progress, Session, check_target, diff, once
from samewire.interrupt import Interrupted, keeping
from samewire.launch import Running
from samewire.relations import chosen, derived, exercised, own_differences
from samewire.relations.base import Base
from samewire.relations.select import RelationSettings
from samewire.result import CheckResult, DiffResult, PairResult
from samewire.streaming.watching import Watch

Stage = Callable[[str, int], Progress]
"""Called when a part of the work begins, with its name and how many cases it has."""
_SEED = 1
"""Of the order in which both are asked: chance enough, and the same in each run."""


async def check_related(
    session: Session,
    servers: Sequence[Running],
    cases: Sequence[Case],
    checks: Sequence[CheckResult],
    settings: RelationSettings,
    stage: Stage,
) -> list[CheckResult]:
    """The results with those of the derived cases; the same ones are asked of every target."""
    seen = {
        case.id: [one.run.transcript for check in checks for one in check.cases if one.case == case.id]
        for case in cases
    }
    further = derived(chosen(cases, seen, settings), settings)
    return [await _check(session, server, further, check, stage) for server, check in zip(servers, checks, strict=True)]


async def diff_related(
    session: Session,
    old: Running,
    new: Running,
    cases: Sequence[Case],
    found: DiffResult,
    settings: RelationSettings,
    stage: Stage,
    *,
    full: bool = False,
) -> DiffResult:
    """The result with the pairs of the derived cases."""
    seen = {pair.case: (pair.old.transcript, pair.new.transcript) for pair in found.pairs}
    bases = chosen(cases, seen, settings)
    found = await _related(session, old, new, derived(bases, settings), found, stage, full=full)
    with keeping(found):
        return await _streamed(session, old, new, [one[0] for one in bases], found, settings)


async def traffic_related(
    session: Session,
    old: Running,
    new: Running,
    asked: Sequence[Case],
    found: DiffResult,
    settings: RelationSettings,
    stage: Stage,
) -> DiffResult:
    """The result with the pairs of cases derived from requests of traffic, which are compared already; they are asked
    once more, as of traffic answers are not kept."""
    with keeping(found):
        seen = {case.id: [(await session.run(case, server)).transcript for server in (old, new)] for case in asked}
    bases = chosen(asked, seen, settings)
    found = await _related(session, old, new, derived(bases, settings), found, stage, full=False)
    with keeping(found):
        return await _streamed(session, old, new, [one[0] for one in bases], found, settings)


async def _related(
    session: Session, old: Running, new: Running, cases: Sequence[Case], found: DiffResult, stage: Stage, *, full: bool
) -> DiffResult:
    if not cases:
        return found
    observed = full and not found.skipped and all(pair.evident for pair in found.pairs)
    progress = stage(f"{old.name} and {new.name}, relations", len(cases))
    try:
        more = await diff(session, old, new, cases, progress, full=observed)
    except Interrupted as stopped:
        asked = {case.id: case for case in cases}
        done = tuple(_own(asked[pair.case], pair) for pair in stopped.result.pairs)
        raise Interrupted(replace(found, pairs=(*found.pairs, *done))) from None
    own = tuple(_own(case, pair) for case, pair in zip(cases, more.pairs, strict=True))
    runs = [(case, run.transcript) for case, pair in zip(cases, own, strict=True) for run in (pair.old, pair.new)]
    stale = more.stale if full else found.stale
    noise = once((*found.noise, *more.noise))
    return replace(
        found, pairs=(*found.pairs, *own), stale=stale, relations=(*found.relations, *exercised(runs)), noise=noise
    )


async def _streamed(
    session: Session, old: Running, new: Running, bases: Sequence[Base], found: DiffResult, settings: RelationSettings
) -> DiffResult:
    """With what is held back on the way to the new server."""
    watch = Watch(session, old, new, settings.streaming_repeats, _SEED)
    pairs, streams = list(found.pairs), list(found.streams)
    for base in bases:
        if base.streams and settings.wants("arrival"):
            seen = await watch.if_suspicious(f"{base.case.id}.arrival", base.request, base.case.timeout)
            pairs += [seen[0]] if seen else []
            streams += [seen[1]] if seen else []
    return replace(found, pairs=tuple(pairs), streams=tuple(streams))


async def _check(
    session: Session, server: Running, cases: Sequence[Case], found: CheckResult, stage: Stage
) -> CheckResult:
    if not cases:
        return found
    more = await check_target(session, server, cases, stage(f"{server.name}, relations", len(cases)))
    runs = [(case, checked.run.transcript) for case, checked in zip(cases, more.cases, strict=True)]
    return replace(found, cases=(*found.cases, *more.cases), relations=exercised(runs))


def _own(case: Case, pair: PairResult) -> PairResult:
    old, new = pair.old.transcript, pair.new.transcript
    accepted = [one.difference for one in pair.accepted]
    kept = own_differences(case, old, new, [*pair.differences, *accepted])
    return replace(
        pair,
        differences=tuple(one for one in pair.differences if one in kept),
        accepted=tuple(one for one in pair.accepted if one.difference in kept),
    )
