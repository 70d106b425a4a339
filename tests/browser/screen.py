"""A browser's window: what is shown in it, on which device, and what the browser complains of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

LIMIT = 10.0
"""Seconds until what must happen has happened."""


class Size(NamedTuple):
    """In CSS pixels."""

    width: int
    height: int


PHONE = Size(390, 844)


class Screen:
    """The window of a browser."""

    __slots__ = ("browser",)

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser

    def reset(self) -> None:
        """A desk's screen, by day."""
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def as_phone(self) -> None:
        """As small as a phone, which makes room for what is too wide by shrinking everything."""
        size = {"width": PHONE.width, "height": PHONE.height, "deviceScaleFactor": 2, "mobile": True}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def prefer(self, scheme: str) -> None:
        """What the user likes better: `light` or `dark`."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def widths(self) -> tuple[int, int]:
        """Of the window, and of all that is laid out in it."""
        window, content = self.browser.execute_script("return [innerWidth, document.documentElement.scrollWidth]")
        return window, content

    def complaints(self) -> list[str]:
        """What the console got since it was last asked: refused loads, errors of scripts, failed requests."""
        entries: list[dict[str, str]] = self.browser.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries if entry["level"] != "INFO"]

    def texts(self, selector: str) -> list[str]:
        """The text of each element, as a reader sees it."""
        return [element.text for element in self.browser.find_elements(By.CSS_SELECTOR, selector)]

    def run(self, script: str) -> Any:
        """What a script returns."""
        return self.browser.execute_script(script)

    def wait(self, holds: Callable[[], object], failure: str) -> None:
        """Until it holds; TimeoutException, saying what did not happen, after LIMIT."""
        WebDriverWait(self.browser, LIMIT, poll_frequency=0.02).until(lambda _: holds(), failure)
