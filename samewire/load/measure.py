"""The comparison under load: blocks in turn on both servers, then ratios, then a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from samewire.load import process
from samewire.load.generator import Load, generate
from samewire.load.plan import Plan, Side, Subject
from samewire.load.result import Block, LoadResult, Ratio
from samewire.load.statistics import ratios

GENERATOR_LIMIT = 0.8
"""Share of a core from which the generator, not the server, may decide the times."""
_SHORTFALL = 0.9
_WARM_UP = 1.0

Progress = Callable[[int, int, Side], None]
"""Called before each block: its number from 1, how many there are, which server."""


async def measure(
    old: Subject, new: Subject, plan: Plan, thresholds: dict[str, float], progress: Progress | None = None
) -> LoadResult:
    """Load both in turn and compare. `thresholds` is what samewire.toml sets; raises GeneratorError."""
    subjects: dict[Side, Subject] = {"old": old, "new": new}
    for subject in subjects.values():
        await generate(subject.url, plan, _WARM_UP)
    blocks = []
    for number, side in enumerate(plan.order(), 1):
        if progress is not None:
            progress(number, plan.blocks, side)
        blocks.append(await _block(subjects[side], side, plan))
    found = ratios(blocks)
    broken, undecided = hold(thresholds, found, blocks)
    return LoadResult(
        old=old.name,
        new=new.name,
        plan=plan,
        blocks=tuple(blocks),
        ratios=found,
        peak_memory={side: _peak(subject) for side, subject in subjects.items()},
        warnings=warnings(blocks, subjects),
        broken=broken,
        undecided=undecided,
    )


def hold(
    thresholds: dict[str, float], found: Sequence[Ratio], blocks: Sequence[Block]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Thresholds that are broken, and those that the interval straddles, in words."""
    figures = {
        "max_cpu_ratio": "CPU a request (us)",
        "max_latency_ratio": "median time (ms)",
        "max_p95_ratio": "95th percentile (ms)",
    }
    broken, undecided = [], []
    by_figure = {ratio.figure: ratio for ratio in found}
    for key, limit in thresholds.items():
        if key == "max_error_rate":
            continue
        ratio = by_figure.get(figures[key])
        if ratio is None:
            undecided.append(f"{key} = {limit:g}: {figures[key]} could not be measured")
        elif ratio.low > limit:
            broken.append(f"{key} = {limit:g}: {ratio.figure} is {ratio.ratio:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]")
        elif ratio.high > limit:
            undecided.append(f"{key} = {limit:g} lies within [{ratio.low:.2f}, {ratio.high:.2f}] of {ratio.figure}")
    broken += _too_many_errors(thresholds.get("max_error_rate", 0.0), blocks)
    return tuple(broken), tuple(undecided)


def warnings(blocks: Sequence[Block], subjects: Mapping[Side, Subject]) -> tuple[str, ...]:
    """What weakens the evidence, in words."""
    found = []
    if any(block.generator_cpu > GENERATOR_LIMIT for block in blocks):
        found.append("the generator was the limit: it used more than 80 % of its core; lower the rate")
    elif fmean(block.achieved for block in blocks) < _SHORTFALL:
        found.append("less than 90 % of the rate was reached: a server was the limit; lower the rate")
    if any(not block.requests for block in blocks):
        found.append("a block had no successful request at all")
    found += [
        f"{s.name} runs elsewhere: no CPU and no memory could be read" for s in subjects.values() if s.pid is None
    ]
    return tuple(found)


async def _block(subject: Subject, side: Side, plan: Plan) -> Block:
    before = process.cpu_seconds(subject.pid) if subject.pid is not None else None
    load = await generate(subject.url, plan, plan.block_seconds)
    after = process.cpu_seconds(subject.pid) if subject.pid is not None else None
    return _seen(load, side, plan, None if before is None or after is None else after - before)


def _seen(load: Load, side: Side, plan: Plan, server_cpu: float | None) -> Block:
    requests = len(load.milliseconds)
    return Block(
        side=side,
        seconds=load.seconds,
        requests=requests,
        errors=load.errors,
        milliseconds=load.milliseconds,
        by_name=load.by_name,
        server_cpu=server_cpu,
        generator_cpu=load.generator_cpu / load.seconds,
        achieved=(requests + load.errors) / (plan.rate * load.seconds),
    )


def _too_many_errors(limit: float, blocks: Sequence[Block]) -> list[str]:
    """Any error of either server breaks the default threshold: a load that fails measures nothing."""
    found = []
    for side in ("old", "new"):
        errors = sum(block.errors for block in blocks if block.side == side)
        total = errors + sum(block.requests for block in blocks if block.side == side)
        if not total or errors / total > limit:
            found.append(f"max_error_rate = {limit:g}: {errors} of {total} requests to the {side} server failed")
    return found


def _peak(subject: Subject) -> int | None:
    return None if subject.pid is None else process.peak_memory(subject.pid)
