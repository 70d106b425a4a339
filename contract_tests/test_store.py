"""A store that is locked, full, deleted or broken while a server runs: what is answered, what /ready says, and what follows."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx

from contract_tests.process import Process, Start

ALL = "/api/conversations"
LIMIT = 20.0
GARBAGE = b"this is no database, whatever its name says " * 2000
KEY = {"AUTH_KEY": "a key of at least sixteen characters"}
ASKED = {"query": "teapot", "site": "http_status", "streaming": "false"}


@asynccontextmanager
async def served(start: Start, **settings: str) -> AsyncIterator[tuple[Process, httpx.AsyncClient]]:
    """A server, and a client of a user of it."""
    async with start(**settings) as process, httpx.AsyncClient(base_url=process.url, timeout=LIMIT) as client:
        await _log_in(client)
        yield process, client


async def _log_in(client: httpx.AsyncClient) -> None:
    login = await client.post("/probe/login/ann")
    assert login.status_code == 200
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"


async def _checks(client: httpx.AsyncClient, status: int) -> dict[str, str]:
    answer = await client.get("/ready")
    assert answer.status_code == status
    found: dict[str, str] = answer.json()["checks"]
    return found


async def _ready(client: httpx.AsyncClient) -> None:
    """It is ready within a limit: what has to be built anew takes a while."""
    async with asyncio.timeout(LIMIT):
        while True:
            if (await client.get("/ready")).status_code == 200:
                return
            await asyncio.sleep(0.05)


def _is_unavailable(answer: httpx.Response) -> bool:
    problem = answer.json()
    return (answer.status_code, problem["status"], "exception" in problem) == (503, 503, False) and int(
        answer.headers["Retry-After"]
    ) > 0


async def test_a_store_that_another_holds_is_503_with_retry_after(start: Start, tmp_path: Path) -> None:
    async with served(start) as (_, client):
        path = (await client.post(ALL)).headers["Location"]
        changes = [
            ("POST", ALL, {}), ("DELETE", path, {"If-Match": "*"}), ("POST", ALL, {"Idempotency-Key": "a"}),
            ("POST", "/probe/login/bob", {}), ("POST", "/api/oauth/logout", {}),
            ("POST", f"/ask?query=teapot&streaming=false&thread_id={path[-22:]}", {}),
        ]  # fmt: skip
        with closing(sqlite3.connect(tmp_path / "store" / "state.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            asked = [client.request(method, target, headers=headers) for method, target, headers in changes]
            async with asyncio.timeout(9):
                answers = await asyncio.gather(*asked)
            assert all(map(_is_unavailable, answers)), [answer.status_code for answer in answers]
            assert (await client.get(path)).status_code == 200
            assert (await _checks(client, 200))["store"] == "ok"
            other.execute("ROLLBACK")
        assert (await client.post(ALL)).status_code == 201
        assert (await client.get(path)).json()["message_count"] == 0


async def test_without_room_on_the_disk_it_is_507(start: Start, tmp_path: Path) -> None:
    async with served(start) as (process, client):
        path = (await client.post(ALL)).headers["Location"]
        headers = {"If-Match": "*"}
        full = max(file.stat().st_size for file in (tmp_path / "store").glob("state*")) + 65_536
        _, most = resource.prlimit(process.child.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.child.pid, resource.RLIMIT_FSIZE, (full, most))
        kept, message = 0, {"content": "x" * 30_000}
        while (answer := await client.post(f"{path}/messages", json=message, headers=headers)).status_code == 201:
            kept += 1
        assert (answer.status_code, answer.json()["status"]) == (507, 507)
        upload = {"a.jsonl": ("a.jsonl", b'{"name":"a","url":"https://a.example/a"}\n' * 20_000, "application/jsonl")}
        assert (await client.post("/api/items", data={"site": "full"}, files=upload)).status_code in (413, 507)
        assert (await client.get(path)).json()["message_count"] == kept
        resource.prlimit(process.child.pid, resource.RLIMIT_FSIZE, (most, most))
        again = await client.post(f"{path}/messages", json=message, headers=headers)
        assert again.status_code == 201
        assert (await _checks(client, 200))["store"] == "ok"


async def test_a_store_that_is_deleted_is_made_anew(start: Start, tmp_path: Path) -> None:
    async with served(start) as (_, client):
        for pattern in ("state.sqlite3", "state*", "*"):
            await client.post(ALL)
            for file in (tmp_path / "store").glob(pattern):
                if file.is_file():
                    file.unlink()
            # Its key went with it: what was revoked in the old store does not come back with the new one.
            assert (await client.get(ALL)).status_code == 401
            await _ready(client)
            await _log_in(client)
            path = (await client.post(ALL)).headers["Location"]
            assert len((await client.get(ALL)).json()["conversations"]) == 1
            with closing(sqlite3.connect(tmp_path / "store" / "state.sqlite3")) as other:
                assert other.execute("SELECT id FROM conversation").fetchall() == [(path[-22:],)]


async def test_a_store_that_is_broken_is_503_and_unready_until_it_is_replaced(start: Start, tmp_path: Path) -> None:
    async with served(start, **KEY) as (process, client):
        path = (await client.post(ALL)).headers["Location"]
        state = tmp_path / "store" / "state.sqlite3"
        (broken := tmp_path / "broken").write_bytes(GARBAGE)
        kept = tmp_path / "kept"
        with closing(sqlite3.connect(state)) as source, closing(sqlite3.connect(kept)) as copy:
            source.backup(copy)
        broken.rename(state)
        for target in (ALL, path, f"{path}/messages", "/probe/whoami", "/api/oauth/validate"):
            assert _is_unavailable(await client.get(target)), target
        for target in (ALL, "/probe/login/bob", f"/ask?query=a&streaming=false&thread_id={path[-22:]}"):
            assert _is_unavailable(await client.post(target)), target
        assert (await _checks(client, 503))["store"] == "failed"
        assert (await client.get("/ask", params=ASKED)).status_code == 200
        assert (await client.get("/health")).status_code == 200
        assert state.read_bytes() == GARBAGE
        assert len(process.events("the store is broken")) == 1
        kept.rename(state)
        assert (await client.get(path)).status_code == 200
        await _ready(client)
        assert (await client.post(ALL)).status_code == 201


async def test_content_that_is_deleted_or_damaged_is_built_anew(start: Start, tmp_path: Path) -> None:
    async with served(start) as (_, client):
        expected = (await client.get("/ask", params=ASKED)).json()["results"]
        (content,) = (tmp_path / "store").glob("content-*.sqlite3")
        content.unlink()
        assert (await client.get("/ask", params=ASKED)).json()["results"] == expected
        content.write_bytes(GARBAGE)
        for _ in range(4):
            assert (await client.get("/ask", params=ASKED)).json()["results"] == expected
        content.unlink()
        content.mkdir()  # which can't be helped
        failed = await client.get("/ask", params=ASKED)
        assert _is_unavailable(failed)
        assert (await _checks(client, 503))["content"] == "failed"
        streamed = await client.get("/ask", params=ASKED | {"streaming": "true"})
        assert '"status":503' in streamed.text
        content.rmdir()
        await _ready(client)
        assert (await client.get("/ask", params=ASKED)).json()["results"] == expected


async def test_an_uploaded_site_that_is_damaged_is_503_for_those_who_ask_it(start: Start, tmp_path: Path) -> None:
    async with served(start) as (_, client):
        file = {"a.jsonl": ("a.jsonl", b'{"name":"teapot","url":"https://a.example/a"}\n', "application/jsonl")}
        made = await client.post("/api/items", data={"site": "mine"}, files=file)
        assert made.status_code == 201, made.text
        (site,) = (tmp_path / "store" / "uploaded").glob("*.sqlite3")
        site.write_bytes(GARBAGE)
        assert _is_unavailable(await client.get("/ask", params=ASKED | {"site": "mine"}))
        assert _is_unavailable(await client.post("/api/items", data={"site": "mine"}, files=file))
        assert (await client.get("/ask", params=ASKED)).status_code == 200
        for left in (tmp_path / "store" / "uploaded").iterdir():
            left.unlink()
        (tmp_path / "store" / "uploaded").rmdir()
        assert (await client.post("/api/items", data={"site": "mine"}, files=file)).status_code == 201
