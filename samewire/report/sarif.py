"""A run's result as SARIF 2.1.0 (OASIS Standard, 2020): for code scanning, which follows findings from run to run.

Plain JSON, as the libraries for it are generated classes that nobody keeps (sarif-om: 2019) or models without the
schema's checks; what is used of the format is small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from samewire.clusters import change, fingerprint, general_place
from samewire.compare import printable
from samewire.report import words
from samewire.report.causes import causes
from samewire.report.excused import Excused, excused
from samewire.report.found import Found
from samewire.report.json_file import Json
from samewire.result import DiffResult, Failure, Grade

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Grade.BREAKING: "error", Grade.NOTABLE: "warning", Grade.COSMETIC: "note"}
_EXPECTATION = "expectation"
_OTHER = "What a server sends"
_RULES = {
    "status": "The status code of an answer (RFC 9110 section 15)",
    "reason": "The reason phrase of an answer (RFC 9112 section 4)",
    "version": "The HTTP version of an answer",
    "header": "A field of an answer (RFC 9110 section 5)",
    "header-case": "How the name of a field is written",
    "header-order": "The order of fields of different names",
    "trailer": "A trailer field (RFC 9110 section 6.5)",
    "body": "The content of an answer",
    "sse": "A server-sent event",
    "framing": "How the end of content is known (RFC 9112 section 6)",
    "connection": "What becomes of the connection (RFC 9112 section 9)",
    "interim": "Interim answers (RFC 9110 section 15.2)",
    "arrival": "Whether content arrives as it is made, or buffered",
    "message": "A WebSocket message (RFC 6455 section 5)",
    "messages": "WebSocket messages (RFC 6455 section 5)",
    _EXPECTATION: "An expectation of a case",
}


def found_sarif(found: Found) -> Json:
    """One run: a rule for each kind of place, a result for each cluster, accepted ones as suppressed results."""
    results = [*_results(found)]
    rules = sorted({str(result["ruleId"]) for result in results})
    notices: list[Json] = [{"level": "error", "message": {"text": text}} for text in _notices(found)]
    run: Json = {
        "tool": {
            "driver": {
                "name": "samewire",
                "rules": [{"id": rule, "shortDescription": {"text": _RULES.get(rule, _OTHER)}} for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": found.exit_status in (0, 1),
                "exitCode": found.exit_status,
                "toolExecutionNotifications": [*notices],
            }
        ],
        "results": [*results],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _results(found: Found) -> Iterator[Json]:
    for diff in found.diffs:
        yield from _clusters(diff)
        yield from map(_suppressed, excused(diff))
    yield from _failures(found)


def _clusters(diff: DiffResult) -> Iterator[Json]:
    for cause in causes(diff):
        cluster = cause.cluster
        result = _result(
            _rule(cluster.place),
            _LEVELS[cluster.grade],
            words.explain_cause(cause),
            cluster.fingerprint,
            cluster.cases,
        )
        yield result | {"occurrenceCount": cluster.count + cause.more}


def _suppressed(entry: Excused) -> Json:
    found = entry.example
    what = f"{general_place(found.place)} {change(found)}, accepted until {entry.until}: {entry.reason}"
    suppression: Json = {"kind": "external", "status": "accepted", "justification": f"{entry.reason} ({entry.owner})"}
    result = _result(_rule(general_place(found.place)), _LEVELS[found.grade], what, fingerprint(found), (found.case,))
    return result | {"suppressions": [suppression], "occurrenceCount": entry.times}


def _failures(found: Found) -> Iterator[Json]:
    for target, case, failures in _checked(found) if found.checks else _sides(found):
        for failure in failures:
            text = f"{case} on {target}: {failure.place}: expected {failure.expected}, got {failure.got}"
            yield _result(_EXPECTATION, "error", text, f"{target}/{case}/{failure.place}", (case,))


def _checked(found: Found) -> Iterator[tuple[str, str, tuple[Failure, ...]]]:
    for check in found.checks:
        yield from ((check.target, checked.case, checked.run.failures) for checked in check.cases)


def _sides(found: Found) -> Iterator[tuple[str, str, tuple[Failure, ...]]]:
    for pair in (pair for diff in found.diffs for pair in diff.pairs):
        yield from ((run.transcript.target, pair.case, run.failures) for run in (pair.old, pair.new))


def _notices(found: Found) -> Iterator[str]:
    for check in found.checks:
        yield from check.not_started
    for diff in found.diffs:
        yield from words.lacking(diff)
        yield from (f"stale: {text}" for text in diff.stale)


def _result(rule: str, level: str, text: str, key: str, cases: Iterable[str]) -> Json:
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": "\n".join(map(printable, text.split("\n")))},
        "locations": [_location(cases)],
        "partialFingerprints": {"samewireCluster/v1": printable(key)},
    }


def _location(cases: Iterable[str]) -> Json:
    """The cases; and the configuration as the file, as code scanning shows nothing without one and a server has none."""
    return {
        "physicalLocation": {"artifactLocation": {"uri": "samewire.toml"}, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": printable(case), "kind": "member"} for case in cases],
    }


def _rule(place: str) -> str:
    """The kind of a place: `header.vary` is `header`, `sse[*].data` is `sse`."""
    first = place.partition(".")[0].partition("[")[0]
    return first if first in _RULES else "other"
