"""Uploads that are large or broken off: little memory, and nothing left behind; and whose they are, on every server."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import struct
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from contract_tests.process import Process, Start, Together
from contract_tests.test_memory import MOST, PATIENCE, SIZES, grown
from contract_tests.wire import Line, connected

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are read from Linux's /proc")
LIMIT = 10.0
_LINE = b" " * 65_535 + b"\n"
_BEGIN = (
    b'--bound\r\nContent-Disposition: form-data; name="site"\r\n\r\nbirds\r\n'
    b'--bound\r\nContent-Disposition: form-data; name="file"; filename="birds.jsonl"\r\n\r\n'
    b'{"url":"https://birds.example/wren","name":"Wren"}\n'
)
_END = b"\r\n--bound--\r\n"


async def _head(port: int, length: int) -> str:
    fields = (
        "POST /api/items HTTP/1.1",
        "Host: a",
        await _bearer(port),
        "Content-Type: multipart/form-data; boundary=bound",
        f"Content-Length: {length}",
    )
    return "\r\n".join((*fields, "", ""))


async def _bearer(port: int) -> str:
    async with connected(port) as line:
        login = await line.ask("/probe/login/ann", method="POST")
    return "Authorization: Bearer " + login.rpartition('"access_token":"')[2].partition('"')[0]


async def _asked(port: int) -> str:
    bearer = await _bearer(port)
    async with connected(port) as line:
        return await line.ask("/ask?query=wren&site=birds&streaming=false", bearer)


@pytest.mark.parametrize("size", SIZES)
async def test_a_large_file_takes_disk_and_no_memory(start: Start, size: int) -> None:
    settings = {"NLWEB_UPLOADS__MAX_BYTES": str(2 * size), "NLWEB_SERVER__TIMEOUT": str(PATIENCE)}
    async with start(**settings) as process:
        head = await _head(process.port, len(_BEGIN) + size + len(_END))

        async def upload(line: Line) -> None:
            await line.send(head)
            line.writer.write(_BEGIN)
            for _ in range(size // len(_LINE)):
                line.writer.write(_LINE)
                await line.writer.drain()
            line.writer.write(_END)
            assert '"count":1' in await line.answer(PATIENCE)

        assert await grown(process, process.port, upload) < MOST
        assert '"name":"Wren"' in await _asked(process.port)


async def test_what_is_broken_off_leaves_nothing(start: Start) -> None:
    async with start() as process:
        async with connected(process.port) as line:
            await line.send(await _head(process.port, 1 << 22))
            line.writer.write(_BEGIN + _LINE * 40)
            await line.writer.drain()
            await _until(lambda: _spooled(process) == 1)
        await _until(lambda: _spooled(process) == 0)
        assert (await _asked(process.port)).startswith("HTTP/1.1 400 ")


async def test_indexing_stops_when_the_client_is_gone(start: Start, tmp_path: Path) -> None:
    items = b"".join(
        b'{"url":"https://a.example/%d","name":"Wren %d"}\n' % (number, number) for number in range(90_000)
    )
    async with start(NLWEB_SERVER__TIMEOUT="600") as process:
        async with connected(process.port) as line:
            await line.send(await _head(process.port, len(_BEGIN) + len(items) + len(_END)))
            line.writer.write(_BEGIN + items + _END)
            await _until(lambda: bool(list((tmp_path / "store" / "uploaded").glob("*.sqlite3"))))
            raw: socket.socket = line.writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.writer.transport.abort()
        await _until(lambda: b'"status":499' in process.log.read_bytes())
        # The record is written when the work has ended: nothing of it is there, and its site is anybody's.
        assert _spooled(process) == 0
        assert (await _asked(process.port)).startswith("HTTP/1.1 400 ")
        async with httpx.AsyncClient(base_url=process.url) as client:
            assert await _uploaded(client, await _login(client, "bob")) == 201


async def test_the_files_are_the_servers_alone_and_the_owner_stays(start: Start, tmp_path: Path) -> None:
    store = tmp_path / "store"
    async with start() as process, httpx.AsyncClient(base_url=process.url) as client:
        assert await _uploaded(client, await _login(client, "ann")) == 201
        assert await _found(client, await _login(client, "ann"))
        files = [*(store / "uploaded").iterdir(), *store.glob("state.sqlite3*")]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}, files
    for file in files:
        if file.exists():
            file.chmod(0o644)  # as an earlier version left it
    async with start() as process, httpx.AsyncClient(base_url=process.url) as client:
        ann, bob = await _login(client, "ann"), await _login(client, "bob")
        assert await _uploaded(client, bob) == 403
        assert (await _found(client, ann), await _found(client, bob), await _found(client, "")) == (True, False, False)
        files = [*(store / "uploaded").iterdir(), *store.glob("state.sqlite3*")]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}, files


async def test_of_two_users_on_two_servers_one_makes_the_site(together: Together) -> None:
    async with (
        together() as (first, second, *_),
        httpx.AsyncClient(base_url=first) as one,
        httpx.AsyncClient(base_url=second) as other,
    ):
        ann, bob = await _login(one, "ann"), await _login(other, "bob")
        for site in (f"site-{number}" for number in range(10)):
            answers = await asyncio.gather(_uploaded(one, ann, site), _uploaded(other, bob, site))
            assert sorted(answers) == [201, 403]
            for client in (one, other):
                found = [await _found(client, ann, site), await _found(client, bob, site)]
                assert found == [answer == 201 for answer in answers]


async def _login(client: httpx.AsyncClient, user: str) -> str:
    token: str = (await client.post(f"/probe/login/{user}")).json()["access_token"]
    client.cookies.clear()
    return token


async def _uploaded(client: httpx.AsyncClient, token: str, site: str = "birds") -> int:
    file = {"file": ("birds.jsonl", b'{"url":"https://birds.example/wren","name":"Wren"}\n')}
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.post("/api/items", data={"site": site}, files=file, headers=headers)).status_code


async def _found(client: httpx.AsyncClient, token: str, site: str = "birds") -> bool:
    """Whether the site is there for who asks."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = {"query": "wren", "site": site, "streaming": "false"}
    return (await client.get("/ask", params=asked, headers=headers)).status_code == 200


def _spooled(process: Process) -> int:
    """Open files of the process that have no name."""
    folder = Path(f"/proc/{process.child.pid}/fd")
    found = 0
    for entry in folder.iterdir():
        try:
            name = os.readlink(entry)
        except OSError:
            continue  # closed meanwhile
        found += name.startswith("/") and name.endswith("(deleted)")
    return found


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not holds():  # noqa: ASYNC110  (another process can not set an event here)
            await asyncio.sleep(0.01)
