"""Reports say all that was found, each in its own format."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from samewire.clusters import fingerprint
from samewire.comparison import Comparison
from samewire.report import words
from samewire.report.found import Found
from samewire.report.html import page
from samewire.report.json_file import found_json
from samewire.report.junit import found_xml
from samewire.report.markdown import found_markdown
from samewire.report.terminal import Screen
from samewire.report.tests.made import ALIKE, AT, DIFFERS, EVERYTHING, HOSTILE, gate, load, pair, run
from samewire.result import CheckedCase, CheckResult, Difference, DiffResult, Failure, Grade

TODAY = AT.date()


def test_the_verdict_line_counts_everything_that_was_found() -> None:
    assert words.verdict_line(EVERYTHING) == (
        "different: 5 comparisons, 1 difference, 1 failed alike, 1 failed on one, 1 accepted, 1 stale, "
        "1 not observed, 1 left out"
    )
    assert words.verdict_line(DiffResult("old", "new", (pair(),))) == (
        "same: 1 comparison, 0 differences, 0 failed alike"
    )


def test_a_difference_is_explained_with_both_sides_the_reason_and_the_reproducer() -> None:
    plain = pair("A-2", Difference("A-2", "header.vary", "Origin", "(absent)", Grade.BREAKING))
    assert words.explain_pair(plain).splitlines() == [
        "A-2  it holds",
        "  header.vary differs (breaking):",
        "    old  Origin",
        "    new  (absent)",
        "  why: RFC 9110",
        "  again: curl -i http://h/",
    ]


def test_the_lines_that_differ_are_shown_to_people_and_no_markup_works() -> None:
    found = Difference("A-2", "body", "a", "b", Grade.BREAKING, f"@@ -7 +7 @@\n-{HOSTILE}\n+green")
    differing = pair("A-2", found)
    result = Found.of(DiffResult("old", "new", (differing,)))
    for text in (words.explain_pair(differing), page(result, AT), found_markdown(result, TODAY)):
        assert "@@ -7 +7 @@" in text
        assert "+green" in text
    assert "<script>alert" not in page(result, AT)
    assert "@@" not in json.dumps(found_json(result, TODAY))


def test_what_is_wrong_alike_is_explained_once() -> None:
    assert words.explain_pair(ALIKE).count("expected 200") == 1
    assert "wrong on both, old and new" in words.explain_pair(ALIKE)


def test_the_json_has_what_is_documented() -> None:
    found = found_json(Found.of(EVERYTHING), TODAY)
    assert found["verdict"] == "different"
    assert found["comparisons"] == 5
    assert found["failed_alike"] == ["A-3"]
    assert found["differences"] == [
        {"case": "A-2", "place": "header.vary", "old": "Origin", "new": HOSTILE, "grade": "breaking"}
    ]
    assert found["not_observed"] == ["A-4"]
    assert {"case": "A-1", "target": "new", "place": "error", "expected": "an answer", "got": "connection refused"} in (
        found["failures"] if isinstance(found["failures"], list) else ()
    )


def test_the_json_of_a_comparison_can_be_written_whole() -> None:
    found = Comparison(EVERYTHING, DiffResult("old", "old (again)", (pair(),)), load())
    assert json.loads(json.dumps(found_json(Found.of(found), TODAY)))["load"]["finding"] == "slower"


def test_junit_has_a_suite_for_each_side_and_one_for_the_pair() -> None:
    root = ElementTree.fromstring(found_xml(Found.of(EVERYTHING)).encode())  # noqa: S314 - our own text
    counted = {s.get("name"): (s.get("tests"), s.get("failures"), s.get("errors"), s.get("skipped")) for s in root}
    assert counted == {
        "old": ("6", "1", "0", "0"),
        "new": ("6", "2", "1", "0"),
        "old and new": ("8", "2", "1", "1"),
    }


def test_the_page_has_the_verdict_on_top_every_case_and_the_load() -> None:
    text = page(Found.of(Comparison(EVERYTHING, load=load())), AT)
    assert "5 comparisons, 1 difference" in text.split("</header>")[0]
    for said in (
        "A-1",
        "A-6",
        "failed alike",
        "not observed",
        "Accepted differences",
        "CPU a request",
        "a warning",
        "1.20",
    ):
        assert said in text


def test_the_page_and_markdown_tell_of_a_fault_that_was_missed() -> None:
    found = Found.of(Comparison(DiffResult("old", "new", (pair(),)), gate=gate()))
    text = page(found, AT)
    for said in ("gate: 1 of 2 injected faults caught", "Proof that the gate can fail", "it takes "):
        assert said in text
    assert "1 of 2 injected faults caught" in found_markdown(found, TODAY)


@pytest.mark.parametrize("found", [Comparison(DiffResult("old", "new", ())), Comparison(EVERYTHING, load=load(50.0))])
def test_the_page_is_made_of_any_result(found: Comparison) -> None:
    assert page(Found.of(found), AT).rstrip().endswith("</html>")


def test_the_terminal_ends_with_the_verdict_and_shows_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().diff(replace(EVERYTHING, not_started=("t: no\x1b[31m",)))
    said = capsys.readouterr().out
    assert said.rstrip().splitlines()[-1].startswith("different: 5 comparisons")
    assert "\x1b" not in said


def test_the_terminal_shows_a_few_causes_whole_more_in_a_line_and_all_when_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = tuple(Difference("A-2", f"header.x{n:x}z", "a", "b", Grade.BREAKING) for n in range(40))
    result = DiffResult("old", "new", (pair("A-2", *found),))
    Screen().diff(result)
    brief = capsys.readouterr().out
    assert len(brief.splitlines()) < 50
    assert brief.count("again: curl") == 3
    assert "and 25 more" in brief
    assert brief.rstrip().splitlines()[-1] == "different: 1 comparison, 40 differences, 0 failed alike"
    Screen(verbose=True).diff(result)
    whole = capsys.readouterr().out
    assert all(f"header.x{n:x}z" in whole for n in range(40))


def test_exchanges_that_are_counted_only_belong_to_their_cause(capsys: pytest.CaptureFixture[str]) -> None:
    rare = Difference("A-2", "header.etag", "a", "(absent)", Grade.BREAKING)
    often = Difference("A-2", "header.vary", "a", "(absent)", Grade.BREAKING)
    result = DiffResult("old", "new", (pair("A-2", rare, often),), omitted=999, more=((fingerprint(often), 999),))
    Screen().diff(result)
    assert capsys.readouterr().out.startswith("breaking: header.vary missing, in 1,000 exchanges")
    document = found_json(Found.of(result), TODAY)
    assert [(one["place"], one["more"]) for one in document["clusters"]] == [("header.vary", 999), ("header.etag", 0)]  # type: ignore[index,union-attr,call-overload]


def test_no_word_of_a_server_is_a_command_to_the_runner_of_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().diff(
        DiffResult("old", "new", (pair("A-2", Difference("A-2", "body", "a", "##[error]x", Grade.BREAKING)),))
    )
    assert "##[" not in capsys.readouterr().out


def test_a_check_says_how_many_cases_pass() -> None:
    wrong = CheckedCase("A-1", "it holds", "why", run("t", Failure("status", "200", "500")), "curl")
    assert words.check_line(CheckResult("t", (wrong,))) == "t: 0 of 1 case pass"
    assert words.check_line(CheckResult("t", (), ("no",))) == "t: 0 of 0 cases pass, did not start"


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Comparison(DiffResult("o", "n", (pair(),))), 0),
        (Comparison(DiffResult("o", "n", (pair(),)), DiffResult("o", "o2", (DIFFERS,))), 1),
        (Comparison(DiffResult("o", "n", (pair(),)), load=replace(load(), broken=("max_cpu_ratio",))), 1),
        (Comparison(DiffResult("o", "n", (pair(),)), load=load(), require_performance=True), 0),
        (Comparison(DiffResult("o", "n", (pair(),)), require_performance=True), 3),
        (Comparison(DiffResult("o", "n", ()), load=replace(load(), broken=("max_cpu_ratio",))), 1),
        (Comparison(DiffResult("o", "n", (), not_started=("no",)), require_performance=True), 4),
    ],
)
def test_the_exit_status_of_a_comparison_follows_from_all_its_parts(found: Comparison, status: int) -> None:
    assert found.exit_status == status
