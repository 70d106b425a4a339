"""Ratios of a load comparison as bars, on a logarithmic scale between half and twice."""

from __future__ import annotations

import math
from typing import NamedTuple

from samewire.load.result import LoadResult, Ratio

_SCALE = math.log(2)


class Bar(NamedTuple):
    """A ratio with its interval, in percent of the drawing's width."""

    ratio: Ratio
    low: float
    middle: float
    high: float


def bars(load: LoadResult | None) -> list[Bar]:
    """One for each figure."""
    return [Bar(ratio, _at(ratio.low), _at(ratio.ratio), _at(ratio.high)) for ratio in load.ratios] if load else []


def _at(ratio: float) -> float:
    """Where a ratio lies, 1 in the middle."""
    return 50 + 50 * max(-1.0, min(1.0, math.log(ratio) / _SCALE)) if ratio > 0 else 0.0
