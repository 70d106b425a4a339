"""The page asks, shows what comes as it comes, and stops asking."""

from __future__ import annotations

import httpx

from tests.browser.page import CLOSED, Page
from tests.browser.server import MARKUP, Server

OPEN = 1


def test_a_question_is_answered_and_asked_only_once(page: Page, server: Server) -> None:
    question = "How do I parse JSON?"
    page.ask(question)
    assert "json module" in page.results()
    assert page.status() == f"{len(page.results())} found."
    page.screen.wait(lambda: server.times_asked(question), "there is no access record of the question")
    assert server.times_asked(question) == 1
    assert page.states() == [CLOSED]
    assert page.failures() == 0, "the stream ended before the page closed its source: on complete it did not"


def test_results_are_shown_while_the_answer_is_still_on_its_way(page: Page, server: Server) -> None:
    page.type("probe:hold:browser JSON")
    page.screen.wait(page.results, "nothing is shown before the answer is complete")
    assert page.states() == [OPEN]
    httpx.post(f"{server.url}/probe/release/browser").raise_for_status()
    page.screen.wait(lambda: page.states() == [CLOSED], "the source was not closed on complete")
    assert page.failures() == 0


def test_a_new_question_ends_the_one_under_way(page: Page, server: Server) -> None:
    page.type("probe:hold:left JSON")
    page.screen.wait(page.results, "nothing is shown before the answer is complete")
    page.ask("csv files")
    assert page.states() == [CLOSED, CLOSED]
    assert httpx.get(f"{server.url}/probe/left/left").json() == {"left": 1}


def test_a_second_question_is_understood_in_the_light_of_the_first(page: Page) -> None:
    page.ask("csv")
    page.ask("parse json")
    assert page.status().startswith("Understood as “parse json (csv)”. ")
    assert page.results()[0] == "json module"


def test_a_summary_and_an_answer_stand_above_the_list(page: Page) -> None:
    for mode in ("summarize", "generate"):
        page.ask("json", mode)
        assert "JavaScript Object Notation" in page.screen.texts("#answer")[0]
        assert page.results()


def test_a_failure_is_told_in_words_and_ends_the_asking(page: Page, server: Server) -> None:
    question = "probe:fail http"
    page.ask(question)
    assert page.status() == "The question could not be answered."
    assert page.screen.texts("#status.failed")
    page.screen.wait(lambda: server.times_asked(question), "there is no access record of the question")
    assert server.times_asked(question) == 1
    assert page.failures() == 0


def test_a_question_that_the_server_refuses_is_not_asked_again(page: Page) -> None:
    page.screen.run("document.querySelector('[name=site] option').value = 'nowhere'")
    page.ask("json")
    assert page.status() == "The server did not accept the question."
    assert page.screen.texts("#status.failed")


def test_a_blank_question_is_not_sent(page: Page) -> None:
    page.type("   ")
    assert page.screen.run("return document.querySelector('#query:invalid') !== null")
    assert page.states() == []


def test_the_page_names_the_server_that_answers(page: Page, server: Server) -> None:
    name = httpx.get(f"{server.url}/health").json()["server"]
    assert name in server.package
    assert page.screen.texts("footer") == [f"Answered by the server {name}."]


def test_the_browser_finds_nothing_to_complain_of(page: Page) -> None:
    page.ask("json", "generate")
    assert page.screen.complaints() == []


def test_markup_in_content_is_shown_as_text(page: Page) -> None:
    page.ask("zwiebelkuchen", "summarize")
    assert page.results() == [f"Zwiebelkuchen {MARKUP}"]
    for place in ("#answer", "#results li p", "dd"):
        assert any(MARKUP in text for text in page.screen.texts(place)), f"{place} does not show the markup"
    assert page.screen.run("return document.querySelectorAll('main img, main script').length") == 0
    assert page.screen.run("return document.querySelectorAll('[href^=\"javascript:\"]').length") == 0
    assert page.screen.run("return window.ran") is None
