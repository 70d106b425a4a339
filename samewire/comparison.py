"""The whole comparison: contract on both servers, each case compared, a server against itself, both under load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec

from samewire.cases.model import Case
from samewire.config import Config
from samewire.engine import Session, diff
from samewire.interrupt import Interrupted, keeping
from samewire.launch import NotStarted, Running
from samewire.load.plan import Plan, Side
from samewire.load.reach import out_of_reach
from samewire.load.result import Finding, LoadResult
from samewire.prove import ProofResult
from samewire.relating import Stage, diff_related, traffic_related
from samewire.replay import Plan as TrafficPlan
from samewire.replay import Told, merged, replay
from samewire.result import DiffResult
from samewire.sampling import Sample
from samewire.serving import serving, serving_again
from samewire.targets import Target

LoadProgress = Callable[[int, int, Side], None]

AGAIN = " (again)"
"""What is added to the name of a server that is compared with itself."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that was found about two servers."""

    diff: DiffResult
    identity: DiffResult | None = None
    """The old server against a second start of itself: a difference here is noise that no rule names."""
    load: LoadResult | None = None
    load_missing: str = ""
    """Why there is no load comparison, or an empty text."""
    require_performance: bool = False
    gate: ProofResult | None = None
    """Whether injected faults were caught: of a sample of them."""

    @property
    def exit_status(self) -> int:
        """As of the comparison; a broken threshold is 1, doubt about performance 3 where it is required."""
        status = self.diff.exit_status
        unsteady = self.identity is not None and any(pair.differences for pair in self.identity.pairs)
        broken = self.load is not None and bool(self.load.broken)
        open_gate = self.gate is not None and bool(self.gate.wrong)
        if status in (0, 3) and (unsteady or broken or open_gate):
            return 1
        return 3 if status == 0 and self.require_performance and not self._performance_known else status

    @property
    def _performance_known(self) -> bool:
        return self.load is not None and not self.load.undecided and self.load.finding is not Finding.INCONCLUSIVE


@dataclass(frozen=True, slots=True)
class LoadWanted:
    """That the servers are to be measured, too, and how it is told."""

    plan: Plan
    progress: LoadProgress


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is to be replayed beside the cases, and how it is told."""

    plan: TrafficPlan
    told: Callable[[str], Told]
    """Called when the replay begins, with the names of the targets."""


async def run_diff(
    config: Config,
    targets: tuple[Target, Target],
    cases: Sequence[Case],
    stage: Stage,
    *,
    full: bool,
    traffic: Traffic | None = None,
) -> DiffResult:
    """Start both targets and compare each case and record; a target that does not start is in the result.

    Cancelled while it compares, it raises Interrupted with what was found until then.
    """
    old, new = told_apart(targets)
    if not cases and traffic is None:
        return DiffResult(old.name, new.name, ())
    try:
        async with serving_again((old, new), wanted=bool(cases)) as (servers, again):
            session = Session(config, again=again)
            pair = servers[0], servers[1]
            found = await diff_whole(session, *pair, cases, config, stage, full=full) if cases else None
            return await with_traffic(session, config, pair, found, traffic, stage)
    except NotStarted as error:
        return DiffResult(old.name, new.name, (), not_started=(str(error),))


async def run_comparison(
    config: Config,
    targets: tuple[Target, Target],
    cases: Sequence[Case],
    stage: Stage,
    *,
    full: bool,
    load: LoadWanted | None,
    gate: bool = True,
    traffic: Traffic | None = None,
) -> Comparison:
    """All of it; a target that does not start is in the result. `gate`: whether to inject faults, too."""
    old, new = told_apart(targets)
    again = replace(old, name=old.name + AGAIN)
    try:
        async with serving((old, new, again)) as (old_server, new_server, second):
            session = Session(config, again=(old_server, second))
            found = await diff_whole(session, old_server, new_server, cases, config, stage, full=full)
            with keeping(found):
                identity = await _diff(session, old_server, second, cases, stage, full=False)
                proof = await _proof(session, old_server, new_server, cases, stage) if gate and cases else None
            found = await with_traffic(session, config, (old_server, new_server), found, traffic, stage)
            with keeping(found):
                measured, missing = await _measured(config, old_server, new_server, load)
    except NotStarted as error:
        return Comparison(
            DiffResult(old.name, new.name, (), not_started=(str(error),)), load_missing="nothing was started"
        )
    return Comparison(found, replace(identity, stale=()), measured, missing, gate=proof)


async def diff_whole(
    session: Session, old: Running, new: Running, cases: Sequence[Case], config: Config, stage: Stage, *, full: bool
) -> DiffResult:
    """Every case on both, and those derived from them."""
    found = await _diff(session, old, new, cases, stage, full=full)
    return await diff_related(session, old, new, cases, found, config.relations, stage, full=full)


async def with_traffic(
    session: Session,
    config: Config,
    servers: tuple[Running, Running],
    cases: DiffResult | None,
    traffic: Traffic | None,
    stage: Stage,
) -> DiffResult:
    """What was found of the cases, and what is found of the traffic and derived from it, as one result."""
    old, new = servers
    if traffic is None:
        return cases or DiffResult(old.name, new.name, ())
    told, sample = traffic.told(f"{old.name} and {new.name}"), Sample(config.relations)
    try:
        found = merged(cases, await replay(session, config, old, new, sample.watching(traffic.plan), told))
    except Interrupted as stopped:
        raise Interrupted(merged(cases, stopped.result)) from None
    found = await traffic_related(session, old, new, sample.cases(), found, config.relations, stage)
    unused = session.stale(full=True)
    return replace(found, stale=tuple(text for text in found.stale if text in unused))


async def _diff(
    session: Session, old: Running, new: Running, cases: Sequence[Case], stage: Stage, *, full: bool
) -> DiffResult:
    return await diff(session, old, new, cases, stage(f"{old.name} and {new.name}", len(cases)), full=full)


async def _proof(session: Session, old: Running, new: Running, cases: Sequence[Case], stage: Stage) -> ProofResult:
    """Imported late: everything else does without the catalogue of faults."""
    from samewire.prove.proving import SAMPLE, prove_sample

    return await prove_sample(session, old, new, cases, stage("injected faults", len(SAMPLE)))


async def _measured(
    config: Config, old: Running, new: Running, load: LoadWanted | None
) -> tuple[LoadResult | None, str]:
    """Imported late: without the extra, everything else works."""
    if load is None:
        return None, "it was not asked for"
    if missing := [name for name in ("locust", "scipy", "psutil") if find_spec(name) is None]:
        return None, f"{' and '.join(missing)} not installed: pip install 'samewire[load]'"
    if why := out_of_reach(old, new):
        return None, why
    from samewire.load.generator import GeneratorError
    from samewire.load.measure import measure

    try:
        return await measure(old, new, load.plan, config.thresholds.given(), load.progress), ""
    except GeneratorError as error:
        return None, str(error)


def told_apart(targets: tuple[Target, Target]) -> tuple[Target, Target]:
    """A target against itself is started twice, under two names."""
    old, new = targets
    return (old, replace(new, name=new.name + AGAIN)) if old.name == new.name else targets
