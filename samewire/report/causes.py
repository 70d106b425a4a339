"""The clusters of a run, each with the exchange to look at: what a reader is shown instead of a thousand pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from samewire.clusters import MAX_CASES, Cluster, clusters
from samewire.result import DiffResult, Grade, PairResult

_NAMED = 6
"""Cases that are named in a line."""


class Cause(NamedTuple):
    """A cluster, and the pair that its example is from."""

    cluster: Cluster
    pair: PairResult
    more: int = 0
    """Exchanges of the same cause that are counted only."""

    @property
    def title(self) -> str:
        """`breaking: header.vary missing`."""
        return f"{self.cluster.grade}: {self.cluster.place} {self.cluster.change}"

    @property
    def extent(self) -> str:
        """`5 times in 3 cases`, `in 1,203 exchanges`."""
        many = len(self.cluster.cases)
        if self.more:
            return f"in {many + self.more:,} exchanges"
        cases = f"{many} case{'' if many == 1 else 's'}" if many < MAX_CASES else f"{MAX_CASES} cases or more"
        return f"in {cases}" if self.cluster.count == many else f"{self.cluster.count} times in {cases}"

    @property
    def others(self) -> str:
        """Further cases, as many as fit a line; empty when there is no other."""
        rest = [case for case in self.cluster.cases if case != self.pair.case]
        more = ", ..." if len(rest) > _NAMED else ""
        return ", ".join(rest[:_NAMED]) + more


def causes(result: DiffResult) -> tuple[Cause, ...]:
    """Every cluster of the differences that are not accepted, what matters most first."""
    pairs: dict[str, PairResult] = {}
    for pair in result.pairs:
        if pair.differences:
            pairs.setdefault(pair.case, pair)
    more = dict(result.more)
    found = [
        Cause(cluster, pairs[cluster.example.case], more.get(cluster.fingerprint, 0))
        for cluster in clusters(result.pairs)
    ]
    return tuple(sorted(found, key=_weight))


def _weight(cause: Cause) -> tuple[int, int]:
    return list(Grade).index(cause.cluster.grade), -(cause.cluster.count + cause.more)


def wrong_elsewhere(result: DiffResult) -> Sequence[PairResult]:
    """Pairs without a difference in which a target is not as a case expects, or could not be observed."""
    return [pair for pair in result.pairs if not pair.differences and not (pair.old.passed and pair.new.passed)]
