"""A real browser, the real servers, and the page that one shows of the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.browser.page import Page
from tests.browser.screen import Screen
from tests.browser.server import Server, running

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1200,900",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests, with a profile of its own."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        missing = "no chromedriver" if program else "no Chromium" if driver else "neither Chromium nor chromedriver"
        pytest.skip(f"there is {missing} on the PATH: apt-get install chromium chromium-driver")
    options = ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options, Service(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def screen(browser: Chrome) -> Iterator[Screen]:
    """The browser's window, as wide and as bright as on a desk again after each test."""
    screen = Screen(browser)
    screen.complaints()
    yield screen
    screen.reset()


@pytest.fixture(scope="session", params=["legacy", "aiohttp_server"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each of the servers, in mode testing, with a hostile site beside the built-in ones."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as server:
        yield server


@pytest.fixture
def page(screen: Screen, server: Server) -> Page:
    """The page, opened afresh."""
    return Page(screen, server.url)
