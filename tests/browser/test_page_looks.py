"""The page can be read on a phone, by day and by night."""

from __future__ import annotations

import pytest

from tests.browser.contrast import ENOUGH, writings
from tests.browser.page import Page
from tests.browser.screen import PHONE


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    page.screen.as_phone()
    page.ask("zwiebelkuchen " * 2 + "x" * 200)
    page.ask("zwiebelkuchen", "generate")
    assert page.results()
    assert page.screen.widths() == (PHONE.width, PHONE.width)


def test_fields_are_large_enough_for_a_finger(page: Page) -> None:
    page.screen.as_phone()
    sizes = page.screen.run(
        "return [...document.querySelectorAll('#query, select, button')].map(field => "
        "[field.offsetHeight, parseFloat(getComputedStyle(field).fontSize)])"
    )
    assert len(sizes) == 4
    assert all(height >= 44 for height, _ in sizes)
    assert all(letters >= 16 for _, letters in sizes), "a phone zooms into a field with letters smaller than 16 pixels"


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_everything_written_stands_out(page: Page, scheme: str, dark: bool) -> None:
    page.screen.prefer(scheme)
    seen = writings(page.screen)
    for question in ("probe:fail json", "json"):
        page.ask(question, "generate")
        seen += writings(page.screen)
    assert {"How do I parse JSON?", "The question could not be answered.", "json module", "Ask"} <= {
        w.text for w in seen
    }
    assert {w.text: round(w.ratio, 1) for w in seen if w.ratio < ENOUGH} == {}
    assert (page.screen.run("return matchMedia('(prefers-color-scheme: dark)').matches")) is dark
    assert (max(w.paper.luminance for w in seen if w.text == "json module") < 0.5) is dark
