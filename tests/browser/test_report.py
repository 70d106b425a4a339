"""The report of a comparison can be searched and read, and stays harmless, in a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from parity.comparison import Comparison
from parity.exchange import End, Ended, Transcript
from parity.load.plan import Plan
from parity.load.result import Finding, LoadResult, Ratio
from parity.report.found import Found
from parity.report.html import page
from parity.result import CaseRun, Difference, DiffResult, Failure, Grade, PairResult
from tests.browser.contrast import ENOUGH, writings
from tests.browser.screen import PHONE, Screen
from tests.browser.server import LONG_WORD, MARKUP

ROWS = "#cases tbody tr:not([hidden]) td:first-child"


def _run(case: str, target: str, *failures: Failure) -> CaseRun:
    return CaseRun(Transcript(case, target, (Ended(None, "main", End.REUSABLE),), 0.0123), failures)


def _pair(case: str, title: str, *differences: Difference, failure: tuple[Failure, ...] = ()) -> PairResult:
    old, new = _run(case, "legacy", *failure), _run(case, "aiohttp", *failure)
    return PairResult(case, title, "RFC 9110 section 15", old, new, differences, (), f"curl -i http://h/{LONG_WORD}")


def _comparison() -> Comparison:
    pairs = (
        _pair("ROU-01", "a path is found"),
        _pair("MET-02", "a method is refused", failure=(Failure("status", "405", "404"),)),
        _pair("COR-03", "an origin is told", Difference("COR-03", "header.vary", LONG_WORD, MARKUP, Grade.BREAKING)),
    )
    findings = ((Finding.SLOWER, 1.4), (Finding.FASTER, 0.7), (Finding.EQUAL, 1.0), (Finding.INCONCLUSIVE, 1.1))
    ratios = tuple(Ratio(f"figure {f}", 100, 100 * r, r, r - 0.1, r + 0.1, (0.98, 1.02), f) for f, r in findings)
    load = LoadResult("legacy", "aiohttp", Plan(Path(__file__)), (), ratios, {}, ("the machine was busy",), (), ())
    return Comparison(DiffResult("legacy", "aiohttp", pairs), DiffResult("legacy", "again", pairs[:1]), load)


@pytest.fixture
def report(screen: Screen, tmp_path: Path) -> Screen:
    """The page of a made comparison, opened as a file as a user opens it."""
    file = tmp_path / "index.html"
    file.write_text(page(Found.of(_comparison()), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)), "utf-8")
    screen.browser.get(file.as_uri())
    return screen


def test_the_filter_leaves_the_cases_that_have_every_word(report: Screen) -> None:
    assert report.texts(ROWS) == ["ROU-01", "MET-02", "COR-03"]
    report.browser.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("IS an origin")
    assert report.texts(ROWS) == ["COR-03"]
    assert report.texts("#count") in (["1 case"], ["1 cases"])


def test_a_click_leaves_only_what_is_not_same(report: Screen) -> None:
    box = report.browser.find_element(By.CSS_SELECTOR, "input[type=checkbox]")
    box.click()
    assert report.texts(ROWS) == ["MET-02", "COR-03"]
    box.click()
    assert len(report.texts(ROWS)) == 3


def test_a_case_leads_to_what_is_wrong_with_it(report: Screen) -> None:
    report.browser.find_element(By.LINK_TEXT, "COR-03").click()
    assert "header.vary" in report.texts(":target")[0]


def test_markup_from_a_server_is_shown_as_text(report: Screen) -> None:
    assert any(MARKUP in text for text in report.texts("pre"))
    assert report.run("return [document.querySelector('img') === null, window.ran === undefined]") == [True, True]
    assert report.complaints() == []


def test_the_report_is_not_wider_than_a_phone(report: Screen) -> None:
    report.as_phone()
    report.browser.refresh()
    assert report.widths() == (PHONE.width, PHONE.width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_written_in_the_report_stands_out(report: Screen, scheme: str) -> None:
    report.prefer(scheme)
    seen = writings(report)
    assert {"ROU-01", "differs", "slower", "the machine was busy"} <= {w.text for w in seen}
    assert {w.text[:40]: round(w.ratio, 1) for w in seen if w.ratio < ENOUGH} == {}
    assert (max(w.paper.luminance for w in seen) < 0.5) is (scheme == "dark")
