"""The contract on one target or several, and each case compared between the first and the others."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from samewire.cases.model import Case
from samewire.comparison import Traffic, diff_whole, with_traffic
from samewire.config import Config
from samewire.engine import Session, check_target
from samewire.interrupt import Interrupted, keeping
from samewire.launch import NotStarted
from samewire.relating import Stage, check_related
from samewire.result import CheckResult, DiffResult
from samewire.serving import serving_again
from samewire.targets import Target


async def run_check(
    config: Config,
    targets: Sequence[Target],
    cases: Sequence[Case],
    stage: Stage,
    *,
    full: bool,
    traffic: Traffic | None = None,
) -> tuple[list[CheckResult], list[DiffResult]]:
    """Start all targets; a target that does not start is in each result.

    Cancelled once there is something to show of a pair, it raises Interrupted with it. Cases are compared first: what is asked in random order there is held against its expectations after.
    """
    if not cases and traffic is None:
        return [CheckResult(target.name, ()) for target in targets], []
    try:
        async with serving_again(targets, wanted=bool(cases)) as (servers, again):
            session = Session(config, again=again)
            first, *others = servers
            diffs: list[DiffResult] = []
            for other in others:
                try:
                    found = await diff_whole(session, first, other, cases, config, stage, full=full) if cases else None
                    diffs.append(await with_traffic(session, config, (first, other), found, traffic, stage))
                except Interrupted as stopped:
                    raise Interrupted(stopped.result, tuple(diffs)) from None
            checked = servers if cases else ()
            with keeping(diffs[-1], *diffs[:-1]) if diffs else nullcontext():
                checks = [await check_target(session, one, cases, stage(one.name, len(cases))) for one in checked]
                checks = await check_related(session, checked, cases, checks, config.relations, stage)
            return checks, diffs
    except NotStarted as error:
        return [CheckResult(target.name, (), not_started=(str(error),)) for target in targets], []
