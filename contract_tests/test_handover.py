"""What one server gave out the other takes, in both directions: a switch logs nobody out."""

from __future__ import annotations

import httpx

from contract_tests.process import Together


async def test_a_session_and_a_token_go_on_on_another_server(together: Together) -> None:
    """Begun on the target, gone on with on every other one, and back; ended on another, and over everywhere."""
    async with together() as urls, httpx.AsyncClient() as client:
        login = await client.post(f"{urls[0]}/probe/login/ann")
        bearer = {"Authorization": f"Bearer {login.json()['access_token']}"}
        cookie = {"Cookie": login.headers["Set-Cookie"].partition(";")[0], "Sec-Fetch-Site": "same-origin"}
        client.cookies.clear()
        for url in (*urls, urls[0]):
            for credentials in (bearer, cookie):
                for method in ("GET", "POST"):
                    answer = await client.request(method, f"{url}/probe/whoami", headers=credentials)
                    assert (answer.status_code, answer.json()["user"]["id"]) == (200, "ann")
        for credentials in (bearer, cookie):
            assert (await client.post(f"{urls[-1]}/api/oauth/logout", headers=credentials)).status_code == 200
            client.cookies.clear()
            for url in urls:
                assert (await client.get(f"{url}/probe/whoami", headers=credentials)).status_code == 401
