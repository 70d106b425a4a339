"""A run's result as JSON: for scripts and for CI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue, TypeAdapter

from parity.report.words import noteworthy
from parity.result import CaseRun, CheckResult, DiffResult, PairResult

Json = dict[str, JsonValue]
_ANY = TypeAdapter[Any](Any)


def diff_json(result: DiffResult) -> Json:
    """`verdict`, `comparisons` (cases observed on both), `failed_alike` (case ids), `differences`, and the rest."""
    return {
        "verdict": str(result.verdict),
        "exit_status": result.exit_status,
        "old": result.old,
        "new": result.new,
        "comparisons": result.comparisons,
        "failed_alike": list(result.failed_alike),
        "differences": [_plain(difference) for pair in result.pairs for difference in pair.differences],
        "failures": [failure for pair in result.pairs for run in (pair.old, pair.new) for failure in _failures(run)],
        "accepted": [_plain(accepted) for pair in result.pairs for accepted in pair.accepted],
        "stale": list(result.stale),
        "not_started": list(result.not_started),
        "skipped": list(result.skipped),
        "not_observed": [pair.case for pair in result.pairs if not pair.evident],
        "cases": [_case(pair) for pair in noteworthy(result)],
    }


def check_json(results: Iterable[CheckResult]) -> list[JsonValue]:
    """One object for each target: how many cases, what failed."""
    return [
        {
            "target": result.target,
            "exit_status": result.exit_status,
            "cases": len(result.cases),
            "failures": [failure for checked in result.cases for failure in _failures(checked.run)],
            "not_started": list(result.not_started),
            "skipped": list(result.skipped),
        }
        for result in results
    ]


def plain(value: object) -> JsonValue:
    """Any frozen value of ours as JSON."""
    found: JsonValue = _ANY.dump_python(value, mode="json")
    return found


_plain = plain


def _failures(run: CaseRun) -> list[JsonValue]:
    where: Json = {"case": run.transcript.case, "target": run.transcript.target}
    found: list[JsonValue] = [
        {**where, "place": failure.place, "expected": failure.expected, "got": failure.got} for failure in run.failures
    ]
    if run.transcript.error:
        found.append({**where, "place": "error", "expected": "an answer", "got": run.transcript.error})
    return found


def _case(pair: PairResult) -> Json:
    return {"case": pair.case, "title": pair.title, "why": pair.why, "reproducer": pair.reproducer}
