"""A service says how much differences matter to it; none of them is lost by that."""

from __future__ import annotations

from samewire.compare.regrade import Graded, regraded
from samewire.result import Difference, Grade


def differing(place: str, case: str = "A-1") -> Difference:
    return Difference(case, place, "old", "new", Grade.BREAKING)


def grades(found: list[Difference], *entries: Graded) -> list[Grade]:
    return [difference.grade for difference in regraded(found, entries)]


def test_an_entry_says_the_grade_at_its_places_and_in_its_cases() -> None:
    found = [differing("header.x-cache"), differing("answer[1].header.x-cache"), differing("header.vary")]
    entry = Graded(place="header.x-*", cases=("A-*", "B-*"), grade=Grade.COSMETIC)
    assert grades(found, entry) == [Grade.COSMETIC, Grade.COSMETIC, Grade.BREAKING]
    assert grades([differing("header.x-cache", "C-1")], entry) == [Grade.BREAKING]


def test_the_first_entry_that_concerns_a_difference_says_its_grade() -> None:
    entries = Graded(place="status", grade=Grade.NOTABLE), Graded(place="*", grade=Grade.COSMETIC)
    assert grades([differing("status"), differing("body")], *entries) == [Grade.NOTABLE, Grade.COSMETIC]


def test_nothing_but_the_grade_changes() -> None:
    found = [differing("status"), differing("body", "B-1")]
    one, other = regraded(found, [Graded(place="*", grade=Grade.COSMETIC)])
    assert (one.case, one.place, one.old, one.new) == ("A-1", "status", "old", "new")
    assert (other.case, other.place, other.old, other.new) == ("B-1", "body", "old", "new")
