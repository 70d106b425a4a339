"""Cases and traffic on the same two targets as one result."""

from __future__ import annotations

from dataclasses import replace

from samewire.result import DiffResult


def merged(cases: DiffResult | None, traffic: DiffResult) -> DiffResult:
    """Both, the cases first."""
    if cases is None:
        return traffic
    return replace(
        cases,
        pairs=cases.pairs + traffic.pairs,
        stale=tuple(dict.fromkeys(cases.stale + traffic.stale)),
        unchanged=cases.unchanged + traffic.unchanged,
        omitted=cases.omitted + traffic.omitted,
        more=cases.more + traffic.more,
        accounts=cases.accounts + traffic.accounts,
        coverage=cases.coverage + traffic.coverage,
        noise=cases.noise + traffic.noise,
        interrupted=cases.interrupted or traffic.interrupted,
    )
