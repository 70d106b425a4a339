"""In development nobody needs credentials: so no page of another site, and no foreign name of this machine, may be anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from contract_tests.process import started
from samewire.targets import Command

ALL = "/api/conversations"
LIMIT = 20.0
LISTED = "http://localhost:3000"
FOREIGN_PAGES = (
    {"Origin": "https://stranger.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://stranger.example"},
)
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
FOREIGN_HOSTS = ("stranger.example", "localhost.stranger.example:80", "192.0.2.1", "127.0.0.1.nip.io", "0.0.0.0")


@asynccontextmanager
async def developing(command: Command, folder: Path, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
    """A server in development, and a client of it."""
    command = replace(command, words=(*command.words, "--mode", "development"))
    async with (
        started(command, folder, settings) as process,
        httpx.AsyncClient(base_url=process.url, timeout=LIMIT) as client,
    ):
        yield client


async def _count(client: httpx.AsyncClient, path: str) -> int:
    return int((await client.get(path)).json()["message_count"])


async def test_a_page_of_another_site_writes_nothing_in_development(command: Command, tmp_path: Path) -> None:
    async with developing(command, tmp_path) as client:
        path = (await client.post(ALL, json={"title": "mine"})).headers["Location"]
        asked = {"query": "teapot", "site": "http_status", "streaming": "false", "thread_id": path[-22:]}
        for page in FOREIGN_PAGES:
            headers = page | {"If-Match": "*"}
            answers = [
                await client.post(ALL, headers=headers),
                await client.post(f"{ALL}/migrate", json={"conversations": []}, headers=headers),
                await client.patch(path, json={}, headers=headers | {"Content-Type": "application/merge-patch+json"}),
                await client.delete(path, headers=headers),
                await client.post(f"{path}/messages", json={"content": "x"}, headers=headers),
                await client.post("/ask", data=asked, headers=headers),
                await client.post("/api/items", data={"site": "a"}, headers=headers),
            ]
            assert {answer.status_code for answer in answers} == {403}, page
            await client.get("/ask", params=asked, headers=headers)
        assert await _count(client, path) == 0
        assert len((await client.get(ALL)).json()["conversations"]) == 1


async def test_pages_of_this_site_and_what_is_no_browser_write_in_development(command: Command, tmp_path: Path) -> None:
    async with developing(command, tmp_path) as client:
        own = str(client.base_url).rstrip("/")
        for page in ({}, {"Origin": own}, {"Sec-Fetch-Site": "same-origin", "Origin": own}, {"Origin": LISTED}):
            assert (await client.post(ALL, headers=page)).status_code == 201, page
        path = (await client.post(ALL)).headers["Location"]
        asked = {"query": "teapot", "site": "http_status", "streaming": "false", "thread_id": path[-22:]}
        assert (await client.get("/ask", params=asked)).status_code == 200
        assert await _count(client, path) == 0
        assert (await client.post("/ask", json=asked, headers={"Origin": own})).status_code == 200
        assert await _count(client, path) == 2


async def test_a_policy_for_every_origin_lets_no_page_read_as_the_developer(command: Command, tmp_path: Path) -> None:
    everybody = {"NLWEB_SERVER__CORS__ORIGINS": "*,null", "NLWEB_SERVER__CORS__CREDENTIALS": "false"}
    async with developing(command, tmp_path, **everybody) as client:
        for origin in ("https://stranger.example", "null"):
            assert (await client.get(ALL, headers={"Origin": origin})).status_code == 403
            assert (await client.get("/chat/ws", headers={"Origin": origin} | HANDSHAKE)).status_code == 403
        assert (await client.get(ALL)).status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
async def test_under_a_foreign_name_nobody_is_the_developer(command: Command, tmp_path: Path, host: str) -> None:
    async with developing(command, tmp_path) as client:
        path = (await client.post(ALL)).headers["Location"]
        foreign = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        asked = {"query": "teapot", "site": "http_status", "streaming": "false", "thread_id": path[-22:]}
        answers = [
            await client.get(ALL, headers=foreign),
            await client.head(path, headers=foreign),
            await client.get(path, headers={"Host": host}),
            await client.post(ALL, headers=foreign),
            await client.post("/ask", json=asked, headers=foreign),
            await client.get("/api/oauth/validate", headers=foreign),
            await client.get("/chat/ws", headers=foreign | HANDSHAKE),
            # RFC 9112 section 3.2.2: the host of the target stands in for the field.
            await client.get(ALL, extensions={"target": f"http://{host}{ALL}".encode()}),
        ]
        assert [answer.status_code for answer in answers] == [421] * len(answers)
        assert path[-22:] not in "".join(answer.text for answer in answers)
        assert (await client.get("/health", headers={"Host": host})).status_code == 200


async def test_loopback_and_the_hosts_of_the_configuration_are_the_developers(command: Command, tmp_path: Path) -> None:
    hosts = {"NLWEB_AUTH__DEVELOPMENT_HOSTS": "Box.example,*.box.example,192.0.2.0/24"}
    loopback = ("localhost", "LOCALHOST.:80", "app.localhost", "127.0.0.2:8000", "[::1]:80")
    configured = ("box.example", "A.Box.Example:1", "192.0.2.7")
    (tmp_path / "a").mkdir()
    async with developing(command, tmp_path / "a") as client:
        for host in loopback:
            assert (await client.get(ALL, headers={"Host": host})).status_code == 200, host
    (tmp_path / "b").mkdir()
    async with developing(command, tmp_path / "b", **hosts) as client:
        for host in configured:
            assert (await client.get(ALL, headers={"Host": host})).status_code == 200, host
        assert (await client.get(ALL, headers={"Host": "localhost"})).status_code == 421
