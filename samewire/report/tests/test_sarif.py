"""The SARIF log has what the standard requires, and fingerprints that stay the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samewire.clusters import fingerprint
from samewire.report.found import Found
from samewire.report.sarif import found_sarif
from samewire.report.tests.made import ACCEPTED, DIFFERS, EVERYTHING
from samewire.report.tests.test_hostile import ALONE
from samewire.result import DiffResult, Grade


def results(found: Found) -> list[Any]:
    log: Any = found_sarif(found)
    return list(log["runs"][0]["results"])


def test_the_log_has_what_is_required() -> None:
    log: Any = found_sarif(Found.of(EVERYTHING))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["name"] == "samewire"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    assert {result["ruleId"] for result in run["results"]} == set(rules)
    assert all(result["message"]["text"] for result in run["results"])
    assert run["invocations"][0]["exitCode"] == 1


def test_a_cluster_is_one_result_with_its_fingerprint_and_a_level_by_its_grade() -> None:
    difference = replace(DIFFERS.differences[0], new="x")
    levels = {Grade.BREAKING: "error", Grade.NOTABLE: "warning", Grade.COSMETIC: "note"}
    for grade, level in levels.items():
        one = replace(difference, grade=grade)
        twice = replace(DIFFERS, differences=(one, replace(one, place="answer[1].header.vary")))
        (found,) = results(Found.of(DiffResult("old", "new", (twice,))))
        assert (found["ruleId"], found["level"], found["occurrenceCount"]) == ("header", level, 2)
        assert found["partialFingerprints"] == {"samewireCluster/v1": fingerprint(one)}


def test_what_is_accepted_is_suppressed_with_its_reason() -> None:
    (found,) = results(Found.of(DiffResult("old", "new", (ACCEPTED,))))
    (suppression,) = found["suppressions"]
    assert (suppression["kind"], suppression["status"], suppression["justification"]) == (
        "external",
        "accepted",
        "meant (me)",
    )


def test_an_expectation_that_a_target_alone_does_not_meet_is_a_result() -> None:
    (found,) = results(ALONE)
    assert (found["ruleId"], found["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]) == (
        "expectation",
        "A-1",
    )
