"""Values out of hypothesis strategies, the same ones for the same seed in every process.

Hypothesis's own way of drawing mixes in constants of whatever modules are loaded, so that a test runner and a command
would draw different values. This is a backend of its own, as its documentation lets one write (`PrimitiveProvider`): each
choice comes from one seeded generator and from nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, PrimitiveProvider
from hypothesis.strategies import DrawFn, SearchStrategy

_BACKEND = "samewire"
_LONG = 12
"""Members of a collection whose size has no upper bound, at the most."""
_T = TypeVar("_T")


def drawn(strategy: SearchStrategy[_T], seed: int, count: int) -> list[_T]:
    """So many values of the strategy, as the seed says; not thread-safe."""
    found: list[_T] = []
    AVAILABLE_PROVIDERS[_BACKEND] = _seeded(seed)

    @settings(
        max_examples=count,
        backend=_BACKEND,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=tuple(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def collect(value: _T) -> None:
        found.append(value)

    collect()
    return found[:count]


class Dice:
    """A strategy's choices, made as its values are put together."""

    __slots__ = ("_draw",)

    def __init__(self, draw: DrawFn) -> None:
        self._draw = draw

    def number(self, low: int, high: int) -> int:
        """From `low` to `high`, both included."""
        return self._draw(_integers(low, high))

    def pick(self, among: Sequence[_T]) -> _T:
        return among[self._draw(_integers(0, len(among) - 1))]

    def chance(self, percent: int) -> bool:
        return self._draw(_integers(0, 99)) >= 100 - percent

    def some(self, among: Sequence[_T], most: int) -> list[_T]:
        """None up to `most` of them, any of them more than once."""
        return [self.pick(among) for _ in range(self.number(0, most))]

    def text(self, most: int = 8) -> str:
        return self._draw(_text(most))

    def data(self, most: int = 40) -> bytes:
        return self._draw(_binary(most))


@lru_cache(4096)
def _integers(low: int, high: int) -> SearchStrategy[int]:
    return st.integers(low, high)


@lru_cache(64)
def _text(most: int) -> SearchStrategy[str]:
    return st.text(max_size=most)


@lru_cache(64)
def _binary(most: int) -> SearchStrategy[bytes]:
    return st.binary(max_size=most)


def _seeded(seed: int) -> type[PrimitiveProvider]:
    class Seeded(_Drawing):
        def __init__(self, data: Any, /) -> None:
            super().__init__(data)
            self.random = Random(seed)

    return Seeded


class _Drawing(PrimitiveProvider):
    """Every choice evenly from what is permitted; in a wide range, small numbers more often."""

    lifetime = "test_function"
    random: Random

    def draw_boolean(self, p: float = 0.5) -> bool:
        return self.random.random() < p

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        if weights and self.random.random() < sum(weights.values()):
            return self.random.choices(list(weights), list(weights.values()))[0]
        low = min_value if min_value is not None else min(-(2**64), (max_value or 0) - 2**64)
        high = max_value if max_value is not None else max(2**64, low + 2**64)
        return self.random.randint(low, high)

    def draw_float(
        self,
        *,
        min_value: float = -math.inf,
        max_value: float = math.inf,
        allow_nan: bool = True,
        smallest_nonzero_magnitude: float = 0.0,
    ) -> float:
        found = self.random.uniform(max(min_value, -1e9), min(max_value, 1e9))
        return found if abs(found) >= smallest_nonzero_magnitude else max(min_value, 0.0)

    def draw_string(self, intervals: Any, *, min_size: int = 0, max_size: int = 10**10) -> str:
        size = self.random.randint(min_size, min(max_size, min_size + _LONG))
        return "".join(intervals.char_in_shrink_order(self._index(len(intervals))) for _ in range(size))

    def draw_bytes(self, min_size: int = 0, max_size: int = 10**10) -> bytes:
        return self.random.randbytes(self.random.randint(min_size, min(max_size, min_size + 4 * _LONG)))

    def _index(self, size: int) -> int:
        """Half of the time among the plain characters."""
        return self.random.randrange(min(size, 96) if self.random.random() < 0.5 else size)
