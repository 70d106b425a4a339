"""What becomes of a server whose client stops reading, shown by what another connection is answered."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from hashlib import sha256
from typing import Any

import pytest

from samewire.access import Access
from samewire.exchange import End, Whole
from samewire.tests.h2_server import Asked, speaking_h2
from samewire.tests.scripted import GET, RECEIVE, Serve, answered, ended, observe, sized
from samewire.wire import limits

PIECE = b"x" * 65_536
FLOOD: dict[str, Any] = {"send": {"target": "/flood"}, "on": "slow"}
HEAD: dict[str, Any] = {"awaits": "head", "on": "slow"}
PAUSES: dict[str, Any] = {"pauses": "reading", "on": "slow"}
REST: dict[str, Any] = {**RECEIVE, "on": "slow"}


class Flooding:
    """`/flood` sends up to so many pieces; any other request is answered when that has come to wait, or has ended."""

    def __init__(self, pieces: int = 1_000_000) -> None:
        self.pieces = pieces
        self.sent = 0
        self.waits = asyncio.Event()
        self.how = ""

    async def script(self, reader: StreamReader, writer: StreamWriter) -> None:
        if b"/flood" not in await reader.readuntil(b"\r\n\r\n"):
            await self.waits.wait()
            writer.write(sized(self.how.encode(), b"Connection: close"))
            return
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (self.pieces * len(PIECE)))
        await self.flood(writer)

    async def flood(self, writer: StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(0)
        try:
            while self.sent < self.pieces:
                writer.write(PIECE)
                await self._drained(writer)
                self.sent += 1
        except ConnectionError:
            self._tell("left")

    async def _drained(self, writer: StreamWriter) -> None:
        """It waits for its client when draining takes longer than any scheduling does."""
        draining = asyncio.ensure_future(writer.drain())
        done, _ = await asyncio.wait((draining,), timeout=0.5)
        if not done:
            self._tell("waits")
        await draining

    def _tell(self, how: str) -> None:
        self.how = self.how or how
        self.waits.set()


@pytest.mark.parametrize("first", [(FLOOD, HEAD, PAUSES), (PAUSES, FLOOD)])
async def test_a_client_that_stops_reading_lets_the_server_wait_and_can_leave_then(
    first: tuple[dict[str, Any], ...], serve: Serve
) -> None:
    flooding = Flooding()
    steps = (*first, GET, RECEIVE, {"finish": "reset", "on": "slow"})
    seen = await observe(await serve(flooding.script), *steps)
    answer = answered(seen, -1).answer
    assert answer is not None
    assert answer.body == b"waits"
    assert ended(seen, "slow").end is End.LEFT
    assert flooding.sent * len(PIECE) < 64 * 1024 * 1024


async def test_the_next_step_that_reads_goes_on_to_the_end(serve: Serve) -> None:
    flooding = Flooding(pieces=400)
    seen = await observe(await serve(flooding.script), FLOOD, HEAD, PAUSES, GET, RECEIVE, REST, timeout=20)
    other = answered(seen, 1).answer
    answer = answered(seen, 2).answer
    assert other is not None
    assert answer is not None
    assert (other.body, len(answer.body), answer.complete) == (b"waits", 400 * len(PIECE), True)


async def test_over_http_2_the_window_stays_shut(serve: Serve) -> None:
    waits = asyncio.Event()

    async def behaviour(asked: Asked) -> None:
        if asked.headers[":path"] != "/flood":
            await waits.wait()
            asked.head("200", end=True)
            return
        asked.head("200")
        while asked.h2.local_flow_control_window(asked.number) > 0:
            await asked.data(PIECE[: asked.h2.local_flow_control_window(asked.number)])
        waits.set()
        await asked.whole.wait()

    address = (await serve(speaking_h2(behaviour)))._replace(access=Access(http="2"))
    seen = await observe(address, FLOOD, HEAD, PAUSES, GET, RECEIVE, {"finish": "close", "on": "slow"})
    assert answered(seen, -1).failure == ""


async def test_an_answer_too_long_to_keep_is_counted_and_digested(serve: Serve) -> None:
    pieces = limits.LIMITS.content // len(PIECE) + 16
    seen = await observe(await serve(Flooding(pieces).script), FLOOD, REST, timeout=60)
    answer = answered(seen).answer
    assert answer is not None
    assert (answer.complete, answered(seen).failure) == (True, "")
    assert len(answer.body) == limits.LIMITS.content
    digest = sha256()
    for _ in range(pieces):
        digest.update(PIECE)
    assert answer.whole == Whole(pieces * len(PIECE), digest.hexdigest())
