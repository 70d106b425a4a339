"""What was acknowledged is kept: through kill -9, across servers; what was broken off is not."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import pytest

from contract_tests.process import Process, Together, started
from samewire.targets import Command

APPENDS, WRITERS = 1_000, 8
KILLED_AT = (250, 600)
"""Acknowledged messages at which the server is killed."""
LIMIT = 20.0
ALL = "/api/conversations"


async def _token(client: httpx.AsyncClient, url: str) -> dict[str, str]:
    login = await client.post(f"{url}/probe/login/ann")
    client.cookies.clear()
    return {"Authorization": f"Bearer {login.json()['access_token']}"}


async def _conversation(client: httpx.AsyncClient, url: str, bearer: dict[str, str]) -> str:
    made = await client.post(f"{url}{ALL}", json={"title": "A"}, headers=bearer)
    assert made.status_code == 201
    return str(made.headers["Location"])


async def _messages(client: httpx.AsyncClient, url: str, path: str, bearer: dict[str, str]) -> list[str]:
    found: list[str] = []
    next: str | None = f"{path}/messages?limit=100"
    while next:
        page = (await client.get(f"{url}{next}", headers=bearer)).json()
        found += [message["content"] for message in page["messages"]]
        next = page["next"]
    return found


@dataclass(slots=True)
class Log:
    """What was acknowledged, by conversation, and where the server is."""

    url: str = ""
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    lost_answers: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def count(self) -> int:
        return sum(map(len, self.acknowledged.values()))

    def reached(self, count: int) -> bool:
        return self.count >= count

    async def write(self, client: httpx.AsyncClient, path: str, bearer: dict[str, str]) -> None:
        """Append one message after the other; without an answer the same request is sent again."""
        while self.count < APPENDS:
            content = f"message {len(self.acknowledged[path])}"
            headers = bearer | {"If-Match": "*", "Idempotency-Key": f"{path[-22:]}-{len(self.acknowledged[path])}"}
            await asyncio.wait_for(self.up.wait(), LIMIT)
            try:
                answer = await client.post(f"{self.url}{path}/messages", json={"content": content}, headers=headers)
            except httpx.TransportError:
                self.lost_answers += 1
                await asyncio.sleep(0.01)
                continue
            assert answer.status_code == 201, answer.text
            async with self.moved:
                self.acknowledged[path].append(content)
                self.moved.notify_all()


@pytest.mark.timeout(180)
async def test_a_killed_server_loses_no_message_that_it_acknowledged(command: Command, tmp_path: Path) -> None:
    log = Log()
    async with AsyncExitStack() as stack, httpx.AsyncClient(timeout=LIMIT) as client:
        process = await stack.enter_async_context(started(command, tmp_path, {}))
        log.url = process.url
        bearer = await _token(client, log.url)
        for _ in range(WRITERS):
            log.acknowledged[await _conversation(client, log.url, bearer)] = []
        log.up.set()
        async with asyncio.TaskGroup() as writing:
            for path in log.acknowledged:
                writing.create_task(log.write(client, path, bearer))
            for at in KILLED_AT:
                async with log.moved:
                    await asyncio.wait_for(log.moved.wait_for(partial(log.reached, at)), LIMIT)
                log.up.clear()
                await _killed(process)
                process = await stack.enter_async_context(started(command, tmp_path, {}))
                log.url = process.url
                log.up.set()
        kept = {path: await _messages(client, log.url, path, bearer) for path in log.acknowledged}
    assert kept == log.acknowledged
    assert log.count >= APPENDS
    assert log.lost_answers > 0, "it was not killed amid appends"


async def _killed(process: Process) -> None:
    process.signal(signal.SIGKILL)
    assert await process.exit_status() == -signal.SIGKILL


async def test_of_an_answer_that_its_client_left_nothing_is_kept(command: Command, tmp_path: Path) -> None:
    async with started(command, tmp_path, {}) as process, httpx.AsyncClient(timeout=LIMIT) as client:
        url = process.url
        bearer = await _token(client, url)
        path = await _conversation(client, url, bearer)
        query = {"query": "probe:hold:left teapot", "site": "http_status", "thread_id": path[-22:]}
        async with client.stream("POST", f"{url}/ask", params=query, headers=bearer) as answer:
            assert answer.status_code == 200
            async for line in answer.aiter_lines():
                if "result_batch" in line:
                    break
        assert (await client.get(f"{url}/probe/left/left")).status_code == 200  # it has noticed
        assert await _messages(client, url, path, bearer) == []


async def test_a_conversation_goes_on_on_another_server(together: Together) -> None:
    """Begun on the target, gone on with on every other one, and back."""
    async with together() as servers, httpx.AsyncClient(timeout=LIMIT) as client:
        urls = [*servers, servers[0]]
        bearer = await _token(client, urls[0])
        path = await _conversation(client, urls[0], bearer)
        etag = '"v1"'
        for number, url in enumerate(urls):
            assert await _messages(client, url, path, bearer) == [f"message {one}" for one in range(number)]
            headers = bearer | {"If-Match": etag, "Idempotency-Key": str(number)}
            sent = {"content": f"message {number}"}
            answer = await client.post(f"{url}{path}/messages", json=sent, headers=headers)
            again = await client.post(f"{urls[number - 1]}{path}/messages", json=sent, headers=headers)
            assert (answer.status_code, answer.content) == (again.status_code, again.content)
            assert answer.status_code == 201
            etag = answer.headers["ETag"]
