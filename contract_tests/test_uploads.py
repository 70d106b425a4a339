"""Uploads that are large or broken off: little memory, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.process import Process, Start
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
    async with connected(port) as line:
        login = await line.ask("/probe/login/ann", method="POST")
    token = login.rpartition('"access_token":"')[2].partition('"')[0]
    fields = (
        "POST /api/items HTTP/1.1",
        "Host: a",
        f"Authorization: Bearer {token}",
        "Content-Type: multipart/form-data; boundary=bound",
        f"Content-Length: {length}",
    )
    return "\r\n".join((*fields, "", ""))


async def _asked(port: int) -> str:
    async with connected(port) as line:
        return await line.ask("/ask?query=wren&site=birds&streaming=false")


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
