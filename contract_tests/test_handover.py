"""What one server gave out the other takes, in both directions: a switch logs nobody out."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from contract_tests.contract import Contract
from contract_tests.process import started
from parity.targets import Command, resolve


async def test_a_session_and_a_token_go_on_on_another_server(target: str, held: Contract, tmp_path: Path) -> None:
    """Begun on the target, gone on with on every other one, and back, over one store."""
    names = [target, *(name for name in held.servers if name != target), target]
    sources = [resolve(name, held.config).source for name in names]
    commands = [source for source in sources if isinstance(source, Command)]
    if len(commands) < len(names) or len(set(names)) < 2:
        pytest.skip("it takes two targets that are started here")
    async with AsyncExitStack() as stack:
        urls = []
        for number, command in enumerate(commands):
            (folder := tmp_path / str(number)).mkdir()
            stores = {name: str(tmp_path / "store") for name in command.store_env}
            urls.append((await stack.enter_async_context(started(command, folder, stores))).url)
        async with httpx.AsyncClient() as client:
            login = await client.post(f"{urls[0]}/probe/login/ann")
            bearer = {"Authorization": f"Bearer {login.json()['access_token']}"}
            cookie = {"Cookie": login.headers["Set-Cookie"].partition(";")[0], "Sec-Fetch-Site": "same-origin"}
            client.cookies.clear()
            for url in urls:
                for credentials in (bearer, cookie):
                    for method in ("GET", "POST"):
                        answer = await client.request(method, f"{url}/probe/whoami", headers=credentials)
                        assert (answer.status_code, answer.json()["user"]["id"]) == (200, "ann")
