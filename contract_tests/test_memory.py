"""What is large passes through in little memory: uploads, downloads, streams that nobody reads."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.process import Process, Start
from contract_tests.wire import Line, connected

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="the peak of a process is read from Linux's /proc"
)
MIB = 1 << 20
SIZES = [64 * MIB, pytest.param(1024 * MIB, marks=[pytest.mark.soak, pytest.mark.timeout(600)])]
MOST = 20 * MIB
"""What the peak may be above that of a server that did nothing but answer a few requests."""
PATIENCE = 300.0
_PIECE = b"\0" * 65_536


async def grown(process: Process, port: int, work: Callable[[Line], object]) -> int:
    """Bytes by which the peak of the process grows while `work` is done, over what it needs anyway."""
    pid = process.child.pid
    for _ in range(20):
        async with connected(port) as line:
            await line.ask("/health")
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew (proc(5))
    before = _peak(pid)
    async with connected(port) as line, asyncio.timeout(PATIENCE):
        await work(line)  # type: ignore[misc]
    return _peak(pid) - before


def _peak(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("framing", ["sized", "chunked"])
async def test_an_upload(start: Start, size: int, framing: str) -> None:
    async def upload(line: Line) -> None:
        field = f"Content-Length: {size}" if framing == "sized" else "Transfer-Encoding: chunked"
        await line.send(f"POST /probe/upload HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n")
        piece = _PIECE if framing == "sized" else b"%x\r\n%b\r\n" % (len(_PIECE), _PIECE)
        for _ in range(size // len(_PIECE)):
            line.writer.write(piece)
            await line.writer.drain()
        if framing == "chunked":
            await line.send("0\r\n\r\n")
        assert f'"length":{size},' in await line.answer(PATIENCE)

    async with start(NLWEB_SERVER__MAX_BODY=str(2 * size)) as process:
        assert await grown(process, process.port, upload) < MOST


@pytest.mark.parametrize("size", SIZES)
async def test_a_download(start: Start, size: int, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "large").touch()
    os.truncate(folder / "large", size)

    async def download(line: Line) -> None:
        await line.send("GET /static/large HTTP/1.1\r\nHost: a\r\n\r\n")
        await line.reader.readuntil(b"\r\n\r\n")
        left = size
        while left:
            piece = await line.reader.read(1 << 18)
            assert piece
            left -= len(piece)

    async with start(NLWEB_STATIC_DIRECTORY=str(folder)) as process:
        assert await grown(process, process.port, download) < MOST


async def test_an_endless_stream_that_nobody_reads(start: Start) -> None:
    """What is made of it stops when the client does not read: asked until it stands still."""

    async def stalls(line: Line) -> None:
        await line.send("GET /probe/flood/a HTTP/1.1\r\nHost: a\r\n\r\n")
        await line.reader.readuntil(b"\r\n\r\n")
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        async with connected(int(line.writer.get_extra_info("peername")[1])) as other:
            made, before = 1, 0
            while made != before:
                before = made
                await asyncio.sleep(0.2)
                made = int((await other.ask("/probe/made/a")).rpartition('"made":')[2].rstrip("}"))

    async with start() as process:
        assert await grown(process, process.port, stalls) < MOST
        process.signal(signal.SIGTERM)
