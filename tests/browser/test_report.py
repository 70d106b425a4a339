"""The report of a comparison can be searched and read, and stays harmless, in a browser."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from samewire.comparison import Comparison
from samewire.exchange import Answer, Answered, End, Ended, Framing, Transcript
from samewire.load.plan import Plan
from samewire.load.result import Finding, LoadResult, Ratio
from samewire.report.found import Found
from samewire.report.html import page
from samewire.report.tests.made import gate
from samewire.result import AcceptedDifference, CaseRun, Difference, DiffResult, Failure, Grade, NoisyPlace, PairResult
from samewire.traffic import Account
from tests.browser.contrast import ENOUGH, writings
from tests.browser.screen import PHONE, Screen
from tests.browser.server import LONG_WORD, MARKUP

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ROWS = "table.cases tbody tr:not([hidden]) td:first-child"
CAUSES = "details[data-grade]:not([hidden]) > summary strong"
LARGE = 2000


def _run(case: str, target: str, route: str, *failures: Failure) -> CaseRun:
    fields = (("Content-Type", "text/html"), ("X-Server", target), ("X-Long", LONG_WORD))
    answer = Answer("HTTP/1.1", 200, "OK", fields, Framing.LENGTH, f"{MARKUP}\nof {target}".encode())
    sent = f"GET {route}?q={LONG_WORD} HTTP/1.1\r\nHost: h\r\nCookie: id=secret\r\n\r\n".encode()
    seen = (Answered(1, "main", sent, (), answer), Ended(None, "main", End.REUSABLE))
    return CaseRun(Transcript(case, target, seen, 0.0123), failures)


def _pair(
    case: str, title: str, *differences: Difference, route: str = "/items/1", failure: tuple[Failure, ...] = ()
) -> PairResult:
    old, new = _run(case, "legacy", route, *failure), _run(case, "aiohttp", route, *failure)
    return PairResult(case, title, "RFC 9110 section 15", old, new, differences, (), f"curl -i http://h/{LONG_WORD}")


def _accepted(case: str, until: date) -> PairResult:
    pair = _pair(case, "a name is told")
    found = AcceptedDifference(
        Difference(case, "header.server", "a", LONG_WORD, Grade.NOTABLE), "meant", "me", str(until)
    )
    return PairResult(case, pair.title, pair.why, pair.old, pair.new, (), (found,), pair.reproducer)


def _comparison() -> Comparison:
    pairs = (
        _pair("ROU-01", "a path is found"),
        _pair("MET-02", "a method is refused", failure=(Failure("status", "405", "404"),)),
        _pair("COR-03", "an origin is told", Difference("COR-03", "header.vary", LONG_WORD, MARKUP, Grade.BREAKING)),
        _pair(
            "ITM-04", "a price", Difference("ITM-04", "body.json:/a", "1.50 EUR", "1.5 EUR", Grade.NOTABLE), route="/b"
        ),
        _accepted("SRV-05", AT.date() + timedelta(3)),
    )
    findings = ((Finding.SLOWER, 1.4), (Finding.FASTER, 0.7), (Finding.EQUAL, 1.0), (Finding.INCONCLUSIVE, 1.1))
    ratios = tuple(Ratio(f"figure {f}", 100, 100 * r, r, r - 0.1, r + 0.1, (0.98, 1.02), f) for f, r in findings)
    load = LoadResult("legacy", "aiohttp", Plan(Path(__file__)), (), ratios, {}, ("the machine was busy",), (), ())
    noise = (
        NoisyPlace("ROU-01", "header.date", "clock", ("Thu, 01 Jan", "Thu, 02 Jan")),
        NoisyPlace("ROU-01", f"body.json:/{LONG_WORD}", "unclassified", (MARKUP, LONG_WORD)),
    )
    accounts = (Account(f"{LONG_WORD}.har", 12, 10, (("the method is unsafe", 2),)),)
    diff = DiffResult("legacy", "aiohttp", pairs, noise=noise, accounts=accounts, stale=(f"{LONG_WORD} has expired",))
    return Comparison(diff, DiffResult("legacy", "again", pairs[:1]), load, gate=gate())


def _shown(screen: Screen, folder: Path, found: Comparison) -> Screen:
    file = folder / "index.html"
    file.write_text(page(Found.of(found), AT), "utf-8")
    screen.browser.get(file.as_uri())
    return screen


@pytest.fixture
def report(screen: Screen, tmp_path: Path) -> Screen:
    """The page of a made comparison, opened as a file as a user opens it."""
    return _shown(screen, tmp_path, _comparison())


def _choose(report: Screen, name: str, choice: str) -> None:
    Select(report.browser.find_element(By.ID, f"by-{name}")).select_by_value(choice)


def _see(report: Screen, count: str, *places: str) -> None:
    """A choice in a list is told to the page a little after the click."""
    report.wait(lambda: report.texts("#shown") == [count], f"there are not {count}")
    assert report.texts(CAUSES) == list(places)


def test_the_first_screen_has_the_verdict_and_the_first_cause_open(report: Screen) -> None:
    assert report.texts("h1") == ["Different legacy (old) and aiohttp (new)"]
    assert report.run("return document.querySelector('details[data-grade]').open") is True
    assert report.run("return document.querySelector('.verdict').getBoundingClientRect().bottom < innerHeight") is True
    figures = dict(zip(report.texts("dt"), report.texts("dd"), strict=True))
    assert {"compared": "5", "breaking": "1", "notable": "1", "noisy places": "2"}.items() <= figures.items()


def test_causes_are_filtered_by_grade_kind_route_and_words(report: Screen) -> None:
    assert report.texts(CAUSES) == ["header.vary", "body.json:/a"]
    for name, choice in (("grade", "notable"), ("kind", "body"), ("route", "/b")):
        _choose(report, name, choice)
        _see(report, "1 cause", "body.json:/a")
        _choose(report, name, "*")
        _see(report, "2 causes", "header.vary", "body.json:/a")
    report.browser.find_element(By.ID, "words").send_keys("AN origin")
    _see(report, "1 cause", "header.vary")
    _choose(report, "grade", "notable")
    _see(report, "0 causes")
    assert report.texts(".none") == ["No cause fits these filters."]


def test_a_cause_is_opened_with_the_keyboard_and_shows_both_sides_with_what_parts_them_marked(report: Screen) -> None:
    second = report.browser.find_elements(By.CSS_SELECTOR, "details[data-grade] > summary")[1]
    second.send_keys(Keys.ENTER)
    assert report.run("return document.querySelectorAll('details[data-grade]')[1].open") is True
    inside = "details[data-grade]:nth-of-type(2)"
    assert report.texts(f"{inside} > .sides .old mark") == ["50"]
    assert report.texts(f"{inside} > .sides .new mark") == ["5"]
    report.browser.find_element(By.CSS_SELECTOR, f"{inside} .inner > summary").click()
    assert "legacy" in report.texts(f"{inside} .inner .old mark")
    assert "X-Server: aiohttp" in report.texts(f"{inside} .inner .new pre")[0]
    sent = report.texts(f"{inside} .inner > pre")[0]
    assert "GET /b?q=" in sent
    assert "id=[redacted sha256:" in sent


def test_the_filter_leaves_the_cases_that_have_every_word(report: Screen) -> None:
    assert report.texts(ROWS) == ["ROU-01", "MET-02", "COR-03", "ITM-04", "SRV-05"]
    report.browser.find_element(By.CSS_SELECTOR, ".cases input[type=search]").send_keys("IS an origin")
    assert report.texts(ROWS) == ["COR-03"]
    assert report.texts(".cases output") == ["1 case"]


def test_a_click_leaves_only_what_is_not_same(report: Screen) -> None:
    box = report.browser.find_element(By.CSS_SELECTOR, "input[type=checkbox]")
    box.click()
    assert report.texts(ROWS) == ["MET-02", "COR-03", "ITM-04", "SRV-05"]
    box.click()
    assert len(report.texts(ROWS)) == 5


@pytest.mark.parametrize(("case", "said"), [("ITM-04", "body.json:/a"), ("MET-02", "status")])
def test_a_case_leads_to_what_is_wrong_with_it_and_opens_it(report: Screen, case: str, said: str) -> None:
    report.browser.find_element(By.LINK_TEXT, case).click()
    report.wait(lambda: report.run("return document.querySelector(':target').open"), "it is not opened")
    assert said in report.texts(":target")[0]


def test_what_is_accepted_covered_noisy_and_skipped_is_there(report: Screen) -> None:
    headings = set(report.texts("h2"))
    assert {"Accepted differences", "What varies by itself", "Sources", "What was covered", "Performance"} <= headings
    assert report.texts("tr.soon .date") == ["2026-01-05\n3 days left"]
    assert report.texts(".coverage tbody td:first-child") == ["/b", "/items/{}"]
    assert report.texts(".coverage .chip") == ["200 x 1", "200 x 4"]


def test_markup_from_a_server_is_shown_as_text(report: Screen) -> None:
    report.run("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert any(MARKUP in text for text in report.texts("pre"))
    assert report.run("return [document.querySelector('img') === null, window.ran === undefined]") == [True, True]
    assert report.complaints() == []


def test_every_field_and_region_has_a_name(report: Screen) -> None:
    unnamed = report.run(
        "return [...document.querySelectorAll('input, select, [role=region], section, form')].filter(one => "
        "!(one.labels?.length || one.getAttribute('aria-label') || "
        "document.getElementById(one.getAttribute('aria-labelledby'))?.textContent.trim())).map(one => one.outerHTML)"
    )
    assert unnamed == []
    ids = report.run("return [...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_the_report_is_not_wider_than_a_phone(report: Screen) -> None:
    report.as_phone()
    report.browser.refresh()
    report.run("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert report.widths() == (PHONE.width, PHONE.width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_written_in_the_report_stands_out(report: Screen, scheme: str) -> None:
    report.prefer(scheme)
    report.run("document.querySelectorAll('details').forEach(details => details.open = true)")
    seen = writings(report)
    assert {"ROU-01", "differs", "slower", "the machine was busy"} <= {w.text for w in seen}
    assert {w.text[:40]: round(w.ratio, 1) for w in seen if w.ratio < ENOUGH} == {}
    assert (max(w.paper.luminance for w in seen) < 0.5) is (scheme == "dark")


def test_a_large_report_filters_within_the_patience_of_a_reader(screen: Screen, tmp_path: Path) -> None:
    pairs = tuple(
        _pair(f"C-{n}", f"case {n}", Difference(f"C-{n}", f"header.x-{n:x}y", "a", "b", Grade.BREAKING))
        for n in range(LARGE)
    )
    report = _shown(screen, tmp_path, Comparison(DiffResult("legacy", "aiohttp", pairs)))
    report.browser.find_element(By.ID, "words").send_keys(f"C-{LARGE - 1}")
    report.wait(lambda: report.texts("#shown") == ["1 cause"], "the filter did not come to an end")
    assert (tmp_path / "index.html").stat().st_size < 10 * 1024 * 1024


def test_it_is_photographed_on_a_desk_and_on_a_phone_by_day_and_by_night(report: Screen, tmp_path: Path) -> None:
    """The pictures stay in pytest's folder, for whoever changes how it looks."""
    taken = {}
    for device in ("desk", "phone"):
        report.reset()
        if device == "phone":
            report.as_phone()
        for scheme in ("light", "dark"):
            report.prefer(scheme)
            picture = taken[device, scheme] = report.browser.get_screenshot_as_png()
            (tmp_path / f"{device}-{scheme}.png").write_bytes(picture)
    assert len(set(taken.values())) == 4
    width = int.from_bytes(taken["phone", "dark"][16:20], "big")
    assert width == PHONE.width * 2, "the first number of a PNG's header is its width"
