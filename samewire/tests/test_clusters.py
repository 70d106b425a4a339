"""Differences of one cause are one finding, whatever case, answer or item they are seen in."""

from __future__ import annotations

from dataclasses import replace

from samewire.clusters import Clusters, fingerprint, general_place
from samewire.result import Difference, Grade

VARY = Difference("A-1", "answer[0].header.vary", "Origin", "(absent)", Grade.BREAKING)


def test_the_number_of_an_answer_or_item_makes_no_other_cause() -> None:
    assert fingerprint(VARY) == fingerprint(replace(VARY, case="B-7", place="answer[12].header.vary"))
    assert fingerprint(VARY) == fingerprint(replace(VARY, place="header.vary"))
    assert general_place("sse[3].data.json:/items/0/price") == "sse[*].data.json:/items/*/price"
    assert general_place("body.json:/v2/10") == "body.json:/v2/*"
    assert general_place("body.json:/a/0b6f9a0e-8f53-4f0e-9d2b-1f2f3c4d5e6f/b") == "body.json:/a/*/b"
    assert general_place("body.json:/a/facade/deadbeef/x1") == "body.json:/a/facade/deadbeef/x1"


def test_another_place_grade_or_change_is_another_cause() -> None:
    others = (
        replace(VARY, place="header.etag"),
        replace(VARY, grade=Grade.NOTABLE),
        replace(VARY, old="(absent)", new="Origin"),
        replace(VARY, new="Accept"),
    )
    assert len({fingerprint(VARY), *map(fingerprint, others)}) == 5


def test_statuses_tell_causes_apart() -> None:
    found = replace(VARY, place="status", old="200", new="404")
    assert fingerprint(found) != fingerprint(replace(found, new="500"))
    assert fingerprint(found) == fingerprint(replace(found, case="B-2"))


def test_a_cluster_counts_all_and_names_each_case_once_what_matters_most_first() -> None:
    found = Clusters()
    found.add(replace(VARY, place="reason", grade=Grade.NOTABLE))
    counts = [found.add(VARY), found.add(VARY), found.add(replace(VARY, case="B-1"))]
    assert counts == [1, 2, 3]
    first, second = found.all()
    assert (first.count, first.cases, first.change) == (3, ("A-1", "B-1"), "missing")
    assert second.grade is Grade.NOTABLE


def test_a_cluster_knows_what_all_of_it_shows_and_what_varies() -> None:
    found = Clusters()
    found.add(VARY)
    found.add(replace(VARY, old="Origin, Accept"))
    (cluster,) = found.all()
    assert (cluster.old, cluster.new) == (None, "(absent)")
