"""Signing in with a real provider, on every host: what works, what is refused, and what nobody gets to see."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from contract_tests.process import Process, Start, Together
from contract_tests.provider import provider

SECRET = "a-secret-that-nobody-sees"
CALLBACK = "http://app.example/oauth/callback/mock"
VERIFIER = "v" * 43
LIMIT = 20.0


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """An authorization server that lets in whoever somebody says to be."""
    with provider() as issuer:
        yield issuer


def configured(issuer: str, timeout: float = 10.0, **more: str) -> dict[str, str]:
    provider = {"ISSUER": issuer, "CLIENT_ID": "nlweb", "CLIENT_SECRET_ENV": "MOCK_SECRET", "REDIRECT_URI": CALLBACK}
    found = {f"NLWEB_OAUTH__PROVIDERS__MOCK__{name}": value for name, value in (provider | more).items()}
    return found | {"MOCK_SECRET": SECRET, "NLWEB_OAUTH__TIMEOUT": str(timeout)}


@asynccontextmanager
async def asking(start: Start, issuer: str, **more: Any) -> AsyncIterator[tuple[Process, httpx.AsyncClient]]:
    async with start(**configured(issuer, **more)) as process:
        async with httpx.AsyncClient(base_url=process.url, timeout=LIMIT) as client:
            yield process, client
        assert SECRET not in process.log.read_text()


async def _let_in(url: str, sub: str = "ann") -> dict[str, str]:
    """What the provider sends back when somebody says to be `sub`."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.post(url, data={"sub": sub})
    assert answer.status_code in (302, 303)
    assert answer.headers["Location"].startswith(f"{CALLBACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


async def test_a_login_through_the_provider_begins_a_session(start: Start, issuer: str) -> None:
    async with asking(start, issuer) as (_, client):
        begun = await client.get("/oauth/login/mock?next=/static/greeting.txt?a=b")
        assert begun.status_code == 302
        query = parse_qs(urlsplit(begun.headers["Location"]).query)
        assert query["redirect_uri"] == [CALLBACK]
        assert query["code_challenge_method"] == ["S256"]
        cookie = begun.headers["Set-Cookie"]
        assert re.fullmatch(r"login=[\w-]{43}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax", cookie)
        came_back = await _let_in(begun.headers["Location"])
        ended = await client.get("/oauth/callback/mock", params=came_back)
        assert (ended.status_code, ended.headers["Location"]) == (303, "/static/greeting.txt?a=b")
        assert {line.partition("=")[0] for line in ended.headers.get_list("Set-Cookie")} == {"session", "login"}
        who = await client.get("/api/oauth/validate")
        assert (who.status_code, who.json()["user_info"]["id"]) == (200, "ann")
        assert who.json()["user_info"]["provider"] == "mock"
        again = await client.get("/oauth/callback/mock", params=came_back)
        assert again.status_code == 400
        assert (await client.post("/api/oauth/logout")).status_code == 403
        assert (await client.get("/api/oauth/logout")).status_code == 403
        out = await client.post("/api/oauth/logout", headers={"Sec-Fetch-Site": "same-origin"})
        assert out.status_code == 200
        assert (await client.get("/api/oauth/validate")).status_code == 401


async def test_what_another_browser_or_nobody_began_is_refused(start: Start, issuer: str) -> None:
    async with asking(start, issuer) as (process, client):
        begun = await client.get("/oauth/login/mock")
        came_back = await _let_in(begun.headers["Location"])
        async with httpx.AsyncClient(base_url=process.url, timeout=LIMIT) as other:
            refused = await other.get("/oauth/callback/mock", params=came_back)
            assert (refused.status_code, "Set-Cookie" in refused.headers) == (400, False)
        # The state was used up by that: whoever has seen it can do nothing with it, and neither can anybody else.
        assert (await client.get("/oauth/callback/mock", params=came_back)).status_code == 400
        begun = await client.get("/oauth/login/mock")
        came_back = await _let_in(begun.headers["Location"])
        for changed in ({"state": "x"}, {"state": ""}, {"code": ""}, {"code": "unknown"}):
            assert (await client.get("/oauth/callback/mock", params=came_back | changed)).status_code == 400
        denied = await client.get("/oauth/callback/mock", params={"error": "access_denied", "state": "x"})
        assert denied.status_code == 400


@pytest.mark.parametrize("next", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb", "/a b"])
async def test_a_login_ends_on_this_site_only(start: Start, issuer: str, next: str) -> None:
    async with asking(start, issuer) as (_, client):
        refused = await client.get("/oauth/login/mock", params={"next": next})
        assert (refused.status_code, "Location" in refused.headers) == (400, False)


async def _code(client: httpx.AsyncClient) -> str:
    """A code that a page got itself, with a challenge of its own."""
    config = (await client.get("/api/oauth/config")).json()["providers"]["mock"]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": config["client_id"],
        "redirect_uri": config["redirect_uri"],
        "scope": config["scope"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": "s",
    }
    return (await _let_in(f"{config['auth_url']}?{urlencode(query)}"))["code"]


def _asked(given: str, **changed: Any) -> dict[str, Any]:
    asked = {"code": given, "provider": "mock", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return {name: value for name, value in (asked | changed).items() if value is not None}


async def test_a_page_gets_a_token_for_its_code_once(start: Start, issuer: str) -> None:
    async with asking(start, issuer) as (_, client):
        asked = _asked(await _code(client))
        given = await client.post("/api/oauth/token", json=asked)
        assert (given.status_code, given.headers["Cache-Control"]) == (200, "no-store")
        assert (given.json()["token_type"], given.json()["user_info"]["id"]) == ("Bearer", "ann")
        bearer = {"Authorization": f"Bearer {given.json()['access_token']}"}
        assert (await client.post("/api/oauth/validate", headers=bearer)).status_code == 200
        again = await client.post("/api/oauth/token", json=asked)
        assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
        assert (await client.get("/api/oauth/logout", headers=bearer)).status_code == 200
        gone = await client.get("/api/oauth/validate", headers=bearer)
        assert (gone.status_code, 'error="invalid_token"' in gone.headers["WWW-Authenticate"]) == (401, True)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "unknown"}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"redirect_uri": f"{CALLBACK}/"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"provider": "other"}, "invalid_request"),
        ({"code": None}, "invalid_request"),
        ({"code": 5}, "invalid_request"),
    ],
)
async def test_a_token_is_refused(start: Start, issuer: str, changed: dict[str, Any], error: str) -> None:
    async with asking(start, issuer) as (_, client):
        refused = await client.post("/api/oauth/token", json=_asked(await _code(client), **changed))
        assert (refused.status_code, refused.json()) == (400, {"error": error})
        assert refused.headers["Cache-Control"] == "no-store"


async def test_a_provider_that_is_down_is_502_and_a_late_one_504(start: Start, issuer: str) -> None:
    held: list[asyncio.StreamWriter] = []

    async def never_answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    silent = server.sockets[0].getsockname()[1]
    try:
        for port, status, timeout in ((silent, 504, 0.3), (1, 502, 10.0)):
            urls = {f"{name}_URL": f"http://127.0.0.1:{port}/{name}" for name in ("AUTH", "TOKEN", "USERINFO")}
            async with asking(start, issuer, timeout=timeout, **urls) as (_, client):
                failed = await client.post("/api/oauth/token", json=_asked("code"))
                assert (failed.status_code, failed.json()["status"]) == (status, status)
                assert SECRET not in failed.text
    finally:
        for writer in held:
            writer.close()
        server.close()


async def test_a_login_begun_on_one_server_ends_on_another(together: Together, issuer: str) -> None:
    async with together(**configured(issuer)) as urls, httpx.AsyncClient(timeout=LIMIT) as client:
        for first, second in zip(urls, [*urls[1:], urls[0]], strict=True):
            begun = await client.get(f"{first}/oauth/login/mock?next=/ready")
            came_back = await _let_in(begun.headers["Location"])
            ended = await client.get(f"{second}/oauth/callback/mock", params=came_back)
            assert (ended.status_code, ended.headers["Location"]) == (303, "/ready")
            for url in urls:
                assert (await client.get(f"{url}/api/oauth/validate")).status_code == 200
