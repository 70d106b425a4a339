"""Blocks into ratios with intervals; doubt is a value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean, median

import numpy as np
from scipy import stats

from samewire.load.result import Block, Finding, Ratio

Figure = Callable[[Block], float | None]

TOLERANCE = 0.05
_CONFIDENCE = 0.95
_RESAMPLES = 9999

FIGURES: dict[str, Figure] = {
    "CPU a request (us)": lambda block: block.cpu_a_request,
    "median time (ms)": lambda block: _quantile(block.milliseconds, 0.5),
    "95th percentile (ms)": lambda block: _quantile(block.milliseconds, 0.95),
}


def ratios(blocks: Sequence[Block], tolerance: float = TOLERANCE) -> tuple[Ratio, ...]:
    """Every figure that both servers have, new over old."""
    found = (_ratio(name, figure, blocks, tolerance) for name, figure in FIGURES.items())
    return tuple(ratio for ratio in found if ratio is not None)


def interval(logs: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 % bootstrap interval of exp(mean) of log ratios (BCa, Efron 1987), at least two of them.

    With so few blocks a bootstrap is a little too narrow; the control lane shows whether that matters.
    """
    if max(logs) - min(logs) < 1e-12:
        return math.exp(logs[0]), math.exp(logs[0])
    found = stats.bootstrap(
        (np.asarray(logs),), np.mean, confidence_level=_CONFIDENCE, n_resamples=_RESAMPLES, method="BCa",
        rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return math.exp(float(found.low)), math.exp(float(found.high))


def judge(low: float, high: float, control: tuple[float, float] | None, tolerance: float = TOLERANCE) -> Finding:
    """What the interval lets one say: a difference counts only beyond what a server shows against itself.

    Without a control lane, or with one that is off by more than the tolerance, nothing is said.
    """
    if control is None or control[0] > 1 + tolerance or control[1] < 1 - tolerance:
        return Finding.INCONCLUSIVE
    if 1 - tolerance <= low and high <= 1 + tolerance:
        return Finding.EQUAL
    if high < min(1.0, control[0]):
        return Finding.FASTER
    return Finding.SLOWER if low > max(1.0, control[1]) else Finding.INCONCLUSIVE


def _ratio(name: str, figure: Figure, blocks: Sequence[Block], tolerance: float) -> Ratio | None:
    values = [(block.side, figure(block)) for block in blocks]
    known = [(side, value) for side, value in values if value]
    if len(known) < len(values) or len(known) < 4:
        return None
    pairs = [_log_new_over_old(known[index], known[index + 1]) for index in range(0, len(known) - 1, 2)]
    low, high = interval(pairs)
    control = _control(known)
    return Ratio(
        figure=name,
        old=median(value for side, value in known if side == "old"),
        new=median(value for side, value in known if side == "new"),
        ratio=math.exp(fmean(pairs)),
        low=low,
        high=high,
        control=control,
        finding=judge(low, high, control, tolerance),
    )


def _log_new_over_old(first: tuple[str, float], second: tuple[str, float]) -> float:
    """A pair of neighbouring blocks, one of each server: what was slow for both cancels."""
    sign = 1 if second[0] == "new" else -1
    return sign * math.log(second[1] / first[1])


def _control(known: Sequence[tuple[str, float]]) -> tuple[float, float] | None:
    """Neighbouring blocks of the same server, second over first."""
    same = [math.log(b[1] / a[1]) for a, b in pairwise(known) if a[0] == b[0]]
    return interval(same) if len(same) >= 3 else None


def _quantile(values: Sequence[float], at: float) -> float | None:
    return float(np.quantile(values, at)) if values else None
