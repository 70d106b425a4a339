"""The service's page in a browser, used as people use it."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.screen import Screen

_WATCH = """
window.sources = [];
window.EventSource = class extends EventSource {
  constructor(url) {
    super(url);
    this.failures = 0;
    this.addEventListener("error", () => { this.failures += 1; });
    window.sources.push(this);
  }
};
"""
"""Keeps every EventSource that a page makes, and counts how often each lost its connection."""
CLOSED = 2


class Page:
    """`/` of a server, opened when this is made."""

    __slots__ = ("screen",)

    def __init__(self, screen: Screen, url: str) -> None:
        self.screen = screen
        browser = screen.browser
        watch = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
        browser.get(url)
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watch)

    def type(self, question: str, mode: str = "list") -> None:
        """Choose the kind of answer, write a question and press Enter."""
        browser = self.screen.browser
        browser.find_element(By.CSS_SELECTOR, f"[name=generate_mode] [value={mode}]").click()
        field = browser.find_element(By.ID, "query")
        field.clear()
        field.send_keys(question, Keys.ENTER)

    def ask(self, question: str, mode: str = "list") -> None:
        """The same, and wait until the page has closed the source of the answer: it can't ask again by itself."""
        self.type(question, mode)
        self.screen.wait(lambda: self.states()[-1:] == [CLOSED], f"the source of {question!r} was not closed")

    def states(self) -> list[int]:
        """Of each EventSource so far: 0 connecting (again), 1 open, 2 closed for good."""
        states: list[int] = self.screen.run("return window.sources.map(source => source.readyState)")
        return states

    def failures(self) -> int:
        """How often a source lost its connection, which one does that is not closed before its stream ends."""
        count: int = self.screen.run("return window.sources.reduce((sum, source) => sum + source.failures, 0)")
        return count

    def results(self) -> list[str]:
        """The names of what was found."""
        return self.screen.texts("#results li a")

    def status(self) -> str:
        """The line that says how the answer is going."""
        return self.screen.texts("#status")[0]
