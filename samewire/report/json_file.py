"""A run's result as JSON: for scripts and for CI. The shape is that of `document.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import JsonValue, TypeAdapter

from samewire.comparison import Comparison
from samewire.load import words as load_words
from samewire.report import document as shapes
from samewire.report import words
from samewire.report.bound import CONFIDENCE, bound
from samewire.report.causes import Cause, causes
from samewire.report.coverage import coverage
from samewire.report.excused import expiring
from samewire.report.found import Found
from samewire.result import AcceptedDifference, CaseRun, CheckResult, Difference, DiffResult
from samewire.traffic import Account

Json = dict[str, JsonValue]
_ANY = TypeAdapter[Any](Any)


def found_json(found: Found, today: date) -> Json:
    """Of one comparison alone its members at the top; else `targets` and `comparisons`."""
    if not found.checks and len(found.comparisons) == 1:
        return _object(_comparison(found.comparisons[0], today))
    return _object(
        shapes.CheckDocument(
            exit_status=found.exit_status,
            targets=tuple(map(_check, found.checks)),
            comparisons=tuple(shapes.DiffShape(**_members(result, today)) for result in found.diffs),
            schema_version=shapes.SCHEMA_VERSION,
        )
    )


def json_text(value: JsonValue) -> str:
    """Indented, with a line feed at its end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def plain(value: object) -> JsonValue:
    """Any frozen value of ours as JSON."""
    found: JsonValue = _ANY.dump_python(value, mode="json")
    return found


def _object(value: shapes.Document) -> Json:
    members = plain(value)
    assert isinstance(members, dict)  # noqa: S101 - a dataclass is an object
    version = members.pop("schema_version")
    return {"schema_version": version, **members}


def _comparison(found: Comparison, today: date) -> shapes.ComparisonDocument:
    members = _members(found.diff, today) | {"exit_status": found.exit_status}
    identity = shapes.DiffShape(**_members(found.identity, today)) if found.identity else None
    return shapes.ComparisonDocument(
        **members,
        identity=identity,
        load=_load(found),
        gate=_gate(found),
        schema_version=shapes.SCHEMA_VERSION,
    )


def _members(result: DiffResult, today: date) -> dict[str, Any]:
    """Of a comparison; every member of `DiffShape` by name."""
    return {
        "verdict": result.verdict,
        "exit_status": result.exit_status,
        "old": result.old,
        "new": result.new,
        "comparisons": result.comparisons,
        "unchanged": result.unchanged,
        "omitted": result.omitted,
        "lacking": words.lacking(result),
        "bound": _bound(result),
        "failed_alike": result.failed_alike,
        "clusters": tuple(map(_cluster, causes(result))),
        "differences": tuple(_difference(difference) for pair in result.pairs for difference in pair.differences),
        "failures": tuple(
            failure for pair in result.pairs for run in (pair.old, pair.new) for failure in _failures(run)
        ),
        "accepted": tuple(_accepted(accepted) for pair in result.pairs for accepted in pair.accepted),
        "stale": result.stale,
        "expiring": expiring([result], today),
        "not_started": result.not_started,
        "skipped": result.skipped,
        "left_out": tuple(shapes.SkippedCaseShape(*left_out) for left_out in result.left_out),
        "asked_once": result.asked_once,
        "seed": result.seed,
        "interrupted": result.interrupted,
        "not_observed": tuple(pair.case for pair in result.pairs if not pair.evident),
        "cases": tuple(
            shapes.CaseShape(pair.case, pair.title, pair.why, pair.reproducer) for pair in words.noteworthy(result)
        ),
        "accounts": tuple(map(_account, result.accounts)),
        "coverage": tuple(shapes.CoveredShape(*covered) for covered in coverage(result)),
        "noise": tuple(
            shapes.NoisyShape(noisy.case, noisy.place, noisy.kind, noisy.checked, noisy.example)
            for noisy in result.noise
        ),
        "relations": tuple(shapes.ExercisedShape(*one) for one in result.relations),
        "streams": tuple(shapes.StreamedShape(*one) for one in result.streams),
    }


def _cluster(cause: Cause) -> shapes.ClusterShape:
    cluster = cause.cluster
    return shapes.ClusterShape(
        fingerprint=cluster.fingerprint,
        place=cluster.place,
        change=cluster.change,
        grade=cluster.grade,
        count=cluster.count,
        more=cause.more,
        cases=cluster.cases,
        old=cluster.old,
        new=cluster.new,
        example=_difference(cluster.example),
        reproducer=cause.pair.reproducer,
    )


def _difference(found: Difference) -> shapes.DifferenceShape:
    return shapes.DifferenceShape(found.case, found.place, found.old, found.new, found.grade)


def _accepted(found: AcceptedDifference) -> shapes.AcceptedShape:
    return shapes.AcceptedShape(_difference(found.difference), found.reason, found.owner, found.until)


def _failures(run: CaseRun) -> Iterator[shapes.FailureShape]:
    case, target = run.transcript.case, run.transcript.target
    for failure in run.failures:
        yield shapes.FailureShape(case, target, failure.place, failure.expected, failure.got)
    if run.transcript.error:
        yield shapes.FailureShape(case, target, "error", "an answer", run.transcript.error)


def _account(account: Account) -> shapes.AccountShape:
    skipped = tuple(shapes.SkippedShape(reason, times) for reason, times in account.skipped)
    return shapes.AccountShape(account.source, account.read, account.sent, skipped)


def _bound(result: DiffResult) -> shapes.BoundShape | None:
    found = bound(result)
    return found and shapes.BoundShape(found.compared, found.share, CONFIDENCE, str(found))


def _check(result: CheckResult) -> shapes.CheckShape:
    failures = tuple(failure for checked in result.cases for failure in _failures(checked.run))
    related = tuple(shapes.ExercisedShape(*one) for one in result.relations)
    return shapes.CheckShape(
        result.target, result.exit_status, len(result.cases), failures, result.not_started, result.skipped, related
    )


def _gate(found: Comparison) -> shapes.GateShape | None:
    if (proof := found.gate) is None:
        return None
    return shapes.GateShape(proof.injected, proof.exercised, proof.caught, proof.missed, proof.false_alarms)


def _load(found: Comparison) -> Json | None:
    if found.load is not None:
        return load_words.plain(found.load)
    return {"finding": "inconclusive", "missing": found.load_missing} if found.load_missing else None
