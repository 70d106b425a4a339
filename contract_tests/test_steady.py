"""No false alarm: a server compared with a second start of itself never differs, run after run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from samewire.cases import Case
from samewire.cases.collection import collect
from samewire.config import Config, load
from samewire.engine import Session, diff
from samewire.result import Difference
from samewire.serving import serving
from samewire.targets import resolve

ROOT = Path(__file__).parent.parent
RUNS = 50


def representative(cases: Sequence[Case]) -> list[Case]:
    """Two cases of each area that ask no long time, and those of the service's own figures."""
    quick = [case for case in cases if case.timeout <= 5 and not case.unsafe]
    areas: dict[str, list[Case]] = {}
    for case in quick:
        areas.setdefault(case.id.partition("-")[0], []).append(case)
    return [case for area in areas.values() for case in area[:2]] + areas["SRV"][2:]


async def test_a_server_is_the_same_as_itself_in_three_runs_of_some_cases(target: str) -> None:
    config, cases = load(ROOT / "samewire.toml"), collect(ROOT / "contract_tests/cases")
    assert await _differences(config, target, representative(cases), 3) == []


@pytest.mark.soak
@pytest.mark.timeout(7200)
async def test_a_server_is_the_same_as_itself_in_fifty_runs_of_all_cases(target: str) -> None:
    config, cases = load(ROOT / "samewire.toml"), collect(ROOT / "contract_tests/cases")
    assert await _differences(config, target, cases, RUNS) == []


async def _differences(config: Config, name: str, cases: Sequence[Case], runs: int) -> list[tuple[int, Difference]]:
    """Of so many runs on two starts of the target, each with the number of its run, which is its seed."""
    target = resolve(name, config)
    found: list[tuple[int, Difference]] = []
    async with serving((target, replace(target, name=f"{name} (again)"))) as (first, second):
        for run in range(runs):
            result = await diff(Session(config, seed=run), first, second, cases, lambda _: None)
            assert result.comparisons == len(result.pairs) > 0
            found += [(run, difference) for pair in result.pairs for difference in pair.differences]
    return found
