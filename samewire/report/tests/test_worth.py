"""What a result is worth is said: how much may differ all the same, what was covered, what is no evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from samewire.report import words
from samewire.report.bound import bound, bound_line
from samewire.report.coverage import coverage, route
from samewire.report.excused import excused, expiring
from samewire.report.found import worst
from samewire.report.tests.made import ACCEPTED, DIFFERS, UNSEEN, pair, traffic
from samewire.result import Covered, DiffResult, Verdict


def test_no_difference_in_traffic_is_bounded_by_the_rule_of_three_and_exactly() -> None:
    result = traffic(1000)
    assert bound_line(result) == "0 in 1000: at most 3/1000 (0.3 %) of this traffic differs, at 95 %"
    found = bound(result)
    assert found is not None
    assert (1 - found.share) ** 1000 == pytest.approx(0.05)
    assert found.share < 3 / 1000


def test_the_bound_says_so_when_accepted_differences_are_not_counted() -> None:
    said = bound_line(replace(traffic(1000), pairs=(ACCEPTED,)))
    assert said == "0 in 1000: at most 3/1000 (0.3 %) of this traffic differs in what is not accepted, at 95 %"


def test_so_little_traffic_that_all_of_it_may_differ_is_said_to_be_too_little() -> None:
    assert "too few" in bound_line(traffic(3))


def test_cases_bound_no_share_of_traffic_and_a_difference_leaves_no_bound() -> None:
    assert bound_line(DiffResult("o", "n", (pair(),))) == (
        "0 in 1 case: chosen, not sampled, so no share of any traffic is bounded by them"
    )
    assert bound_line(DiffResult("o", "n", (DIFFERS,))) == ""
    assert bound_line(DiffResult("o", "n", ())) == ""


def test_a_difference_in_traffic_leaves_no_bound() -> None:
    result = replace(traffic(1000), pairs=(DIFFERS,))
    assert (bound(result), bound_line(result)) == (None, "")


def test_cases_beside_traffic_do_not_make_the_bound_smaller() -> None:
    assert bound(replace(traffic(10), pairs=(pair(),))) == bound(traffic(10))


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (DiffResult("o", "n", ()), "nothing was compared"),
        (DiffResult("o", "n", (UNSEEN,)), "not observed on both targets: A-4"),
        (DiffResult("o", "n", (), not_started=("n: no",)), "n: no"),
        (traffic(0, skipped=(("POST is unsafe", 7),)), "old.har: none of 7 records was sent: 7 POST is unsafe"),
    ],
)
def test_a_run_that_is_no_evidence_says_why(result: DiffResult, said: str) -> None:
    assert result.verdict is Verdict.INCONCLUSIVE
    assert said in words.lacking(result)
    assert any(said in line for line in words.notes(result, date(2026, 1, 1)))


def test_what_is_evidence_lacks_nothing() -> None:
    assert words.lacking(DiffResult("o", "n", (pair(),))) == ()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/items/17/parts/3?q=1", "/items/{}/parts/{}"),
        ("/a/0b6f9a0e-8f53-4f0e-9d2b-1f2f3c4d5e6f", "/a/{}"),
        ("/a/deadbeef01/b", "/a/{}/b"),
        ("/assets/decade", "/assets/decade"),
        ("/t/eyJhbGciOiJIUzI1NiJ9", "/t/{}"),
        ("http://h:1/x?y", "/x"),
        ("/v2/x", "/v2/x"),
        ("/", "/"),
    ],
)
def test_a_route_has_no_ids(target: str, expected: str) -> None:
    assert route(target) == expected


def test_what_cases_cover_is_counted_from_what_was_seen_unless_the_run_counted() -> None:
    assert coverage(DiffResult("o", "n", (pair(), DIFFERS, UNSEEN))) == (
        Covered("/items/{}", "GET", 200, "text/html", 2),
    )
    counted = (Covered("/", "GET", 200, "", 9),)
    assert coverage(DiffResult("o", "n", (pair(),), coverage=counted)) == counted


def test_an_entry_is_warned_of_in_its_last_two_weeks() -> None:
    result = DiffResult("o", "n", (ACCEPTED,))
    (entry,) = excused(result)
    assert (entry.times, entry.days_left(date(2026, 12, 18))) == (1, 14)
    assert expiring([result], date(2026, 12, 17)) == ()
    (said,) = expiring([result], date(2026, 12, 18))
    assert "expires on 2027-01-01, in 14 days: mend it, or ask me for a later day" in said


def test_the_worst_exit_status_counts_and_nothing_at_all_is_no_evidence() -> None:
    assert [worst(statuses) for statuses in ([0, 3, 1], [1, 4], [0], [3, 0], [])] == [1, 4, 0, 3, 3]
