"""Somebody signs in with a real provider, in a real browser, and out again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from contract_tests.provider import provider
from tests.browser.server import running

LIMIT = 20.0
HOSTS = {"legacy": ("legacy", ()), "threads": ("legacy", ("--engine", "threads")), "aiohttp": ("aiohttp_server", ())}
LOG_OUT = """
const done = arguments[arguments.length - 1];
fetch('/api/oauth/logout', {method: 'POST'}).then(answer => done(answer.status));
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as issuer:
        yield issuer


def _shown(browser: Chrome) -> dict[str, Any]:
    """The JSON that the browser shows."""
    shown: dict[str, Any] = json.loads(browser.find_element(By.TAG_NAME, "pre").text)
    return shown


@pytest.mark.parametrize("host", HOSTS)
def test_somebody_signs_in_and_out(browser: Chrome, issuer: str, host: str, tmp_path: Path) -> None:
    settings = {
        "NLWEB_OAUTH__PROVIDERS__MOCK__ISSUER": issuer,
        "NLWEB_OAUTH__PROVIDERS__MOCK__CLIENT_ID": "nlweb",
        "NLWEB_OAUTH__PROVIDERS__MOCK__CLIENT_SECRET_ENV": "MOCK_SECRET",
        "MOCK_SECRET": "a-secret-that-nobody-sees",
    }
    package, options = HOSTS[host]
    with running(package, tmp_path, options, settings) as server:
        browser.get(f"{server.url}/oauth/login/mock?next=/api/oauth/validate")
        assert browser.current_url.startswith(f"{issuer}/")
        browser.find_element(By.NAME, "sub").send_keys("ann@example.org")
        browser.find_element(By.XPATH, "//button[text()='Authorize']").click()
        WebDriverWait(browser, LIMIT).until(lambda here: here.current_url == f"{server.url}/api/oauth/validate")
        assert _shown(browser)["user_info"]["id"] == "ann@example.org"
        assert browser.get_cookie("session")["httpOnly"] is True  # type: ignore[index]
        assert browser.get_cookie("login") is None
        assert browser.execute_async_script(LOG_OUT) == 200
        browser.refresh()
        assert _shown(browser)["status"] == 401
        assert "a-secret-that-nobody-sees" not in server.log.read_text()
