"""Reports say all that was found, and nothing that a server sent can break out of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from parity.comparison import Comparison
from parity.exchange import End, Ended, Transcript
from parity.load.plan import Plan
from parity.load.result import Block, Finding, LoadResult, Ratio
from parity.report import words
from parity.report.folder import comparison_json
from parity.report.html import page
from parity.report.json_file import diff_json
from parity.report.junit import check_xml, diff_xml
from parity.report.terminal import Screen
from parity.result import (
    AcceptedDifference,
    CaseRun,
    CheckedCase,
    CheckResult,
    Difference,
    DiffResult,
    Failure,
    Grade,
    PairResult,
)

HOSTILE = "</pre><script>alert(1)</script>\x1b[31m]]>\x00\ud800{{ 7 * 7 }}"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def run(target: str, *failures: Failure, error: str = "") -> CaseRun:
    seen = () if error else (Ended(None, "main", End.REUSABLE),)
    return CaseRun(Transcript("A-1", target, seen, 0.01, error), failures)


def pair(
    case: str = "A-1", *differences: Difference, old: CaseRun | None = None, new: CaseRun | None = None
) -> PairResult:
    old, new = old or run("old"), new or run("new")
    return PairResult(case, "it holds", "RFC 9110", old, new, differences, (), "curl -i http://h/")


DIFFERS = pair("A-2", Difference("A-2", "header.vary", "Origin", HOSTILE, Grade.BREAKING))
ALIKE = pair("A-3", old=run("old", Failure("status", "200", "500")), new=run("new", Failure("status", "200", "500")))
UNSEEN = pair("A-4", new=run("new", error="connection refused"))
ACCEPTED = replace(
    pair("A-5"),
    accepted=(AcceptedDifference(Difference("A-5", "body", "1", "2", Grade.NOTABLE), "meant", "me", "2027-01-01"),),
)
ONE_SIDED = pair("A-6", new=run("new", Failure("body", "x", HOSTILE)))
EVERYTHING = DiffResult(
    "old", "new", (pair(), DIFFERS, ALIKE, UNSEEN, ACCEPTED, ONE_SIDED), stale=("an entry expired",), skipped=("A-7",)
)


def load(ratio: float = 1.2) -> LoadResult:
    blocks = (Block("old", 1.0, 10, 0, (1.0,), {}, 0.1, 0.2, 1.0),)
    found = Ratio("CPU a request (us)", 100, 100 * ratio, ratio, ratio - 0.1, ratio + 0.1, (0.98, 1.02), Finding.SLOWER)
    plan = Plan(Path(__file__))
    return LoadResult("old", "new", plan, blocks, (found,), {"old": None, "new": None}, ("a warning",), (), ())


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


def test_what_is_wrong_alike_is_explained_once() -> None:
    assert words.explain_pair(ALIKE).count("expected 200") == 1
    assert "wrong on both, old and new" in words.explain_pair(ALIKE)


def test_the_json_has_what_is_documented() -> None:
    found = diff_json(EVERYTHING)
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
    found = comparison_json(Comparison(EVERYTHING, DiffResult("old", "old (again)", (pair(),)), load()))
    assert json.loads(json.dumps(found))["load"]["finding"] == "slower"


@pytest.mark.parametrize("text", [diff_xml(EVERYTHING), check_xml([CheckResult("t", (), ("t: no\x00",), ("A-7",))])])
def test_junit_is_well_formed_whatever_a_server_sent(text: str) -> None:
    assert ElementTree.fromstring(text.encode()).tag == "testsuites"  # noqa: S314 - our own text


def test_junit_has_a_suite_for_each_side_and_one_for_the_pair() -> None:
    root = ElementTree.fromstring(diff_xml(EVERYTHING).encode())  # noqa: S314 - our own text
    counted = {s.get("name"): (s.get("tests"), s.get("failures"), s.get("errors"), s.get("skipped")) for s in root}
    assert counted == {
        "old": ("6", "1", "0", "0"),
        "new": ("6", "2", "1", "0"),
        "old and new": ("8", "2", "1", "1"),
    }


class Tags(HTMLParser):
    """What the page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]


def test_the_page_escapes_what_a_server_sent_and_loads_nothing() -> None:
    text = page(Comparison(EVERYTHING, DiffResult("old", "old (again)", (DIFFERS,)), load()), AT)
    tags = Tags(text)
    assert tags.names.count("script") == 1
    assert not [link for link in tags.links if not link.startswith("#")]
    assert "&lt;script&gt;alert(1)" in text
    assert "{{ 7 * 7 }}" in text


def test_the_page_has_the_verdict_on_top_every_case_and_the_load() -> None:
    text = page(Comparison(EVERYTHING, load=load()), AT)
    assert "different: 5 comparisons" in text.split("</header>")[0]
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


@pytest.mark.parametrize("found", [Comparison(DiffResult("old", "new", ())), Comparison(EVERYTHING, load=load(50.0))])
def test_the_page_is_made_of_any_result(found: Comparison) -> None:
    assert page(found, AT).rstrip().endswith("</html>")


def test_the_terminal_ends_with_the_verdict_and_shows_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().diff(replace(EVERYTHING, not_started=("t: no\x1b[31m",)))
    said = capsys.readouterr().out
    assert said.rstrip().splitlines()[-1].startswith("different: 5 comparisons")
    assert "\x1b" not in said


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
