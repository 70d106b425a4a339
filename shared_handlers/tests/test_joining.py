"""Pieces are joined while they are at hand; whoever waits for the next one has sent those before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

import pytest

from shared_handlers.joining import MOST, send_joined

LIMIT = 5.0


class Sent:
    """What was sent; raises `error` once it is set, and can be held like a client that does not read."""

    def __init__(self) -> None:
        self.joined: list[bytes] = []
        self.error: Exception | None = None
        self.reads = asyncio.Event()
        self.reads.set()
        self.begun = asyncio.Event()

    async def __call__(self, joined: bytes) -> None:
        self.joined.append(joined)
        self.begun.set()
        if self.error is not None:
            raise self.error
        await self.reads.wait()


async def test_what_is_at_hand_is_one_piece() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"a", b"", b"b", b"c"):
            yield piece

    sent = Sent()
    assert await send_joined(pieces(), sent) == b"abc"
    assert sent.joined == []


async def test_everything_is_sent_before_a_wait_and_goes_on_after_it() -> None:
    go = asyncio.Event()
    seen: list[list[bytes]] = []
    sent = Sent()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"
        await go.wait()
        seen.append(list(sent.joined))
        yield b"c"
        await asyncio.sleep(0)
        seen.append(list(sent.joined))
        yield b"d"

    sending = asyncio.create_task(send_joined(pieces(), sent))
    await asyncio.wait_for(sent.begun.wait(), LIMIT)
    assert sent.joined == [b"ab"]
    go.set()
    assert await asyncio.wait_for(sending, LIMIT) == b"d"
    assert seen == [[b"ab"], [b"ab", b"c"]]


async def test_the_first_wait_sends_even_nothing() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        await asyncio.sleep(0)
        yield b"a"

    sent = Sent()
    assert await send_joined(pieces(), sent) == b"a"
    assert sent.joined == [b""]


async def test_one_wait_of_many_steps_sends_once() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        for _ in range(5):
            await asyncio.sleep(0)
        yield b"b"

    sent = Sent()
    assert await send_joined(pieces(), sent) == b"b"
    assert sent.joined == [b"a"]


async def test_no_more_is_joined_than_its_most() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b"x" * (MOST // 2)

    sent = Sent()
    assert await send_joined(pieces(), sent) == b""
    assert [len(joined) for joined in sent.joined] == [MOST] * 3


async def test_what_was_made_before_a_failure_is_sent_first() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"
        raise ValueError("broken")

    sent = Sent()
    with pytest.raises(ValueError, match="broken"):
        await send_joined(pieces(), sent)
    assert sent.joined == [b"ab"]


async def test_what_a_wait_raises_is_raised() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        async with asyncio.timeout(0.001):
            await asyncio.Event().wait()

    sent = Sent()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(send_joined(pieces(), sent), LIMIT)
    assert sent.joined == [b"a"]


@pytest.mark.parametrize("wait", ["future", "turn"])
async def test_a_client_that_is_gone_cancels_the_wait_and_what_it_waits_for_cleans_up(wait: str) -> None:
    cleaned: list[str] = []

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            try:
                await (asyncio.Event().wait() if wait == "future" else asyncio.sleep(0))
            except asyncio.CancelledError:
                await asyncio.sleep(0)  # cleaning up may wait, too
                cleaned.append("wait")
                raise
        finally:
            cleaned.append("iterator")

    sent = Sent()
    sent.error = ConnectionResetError("gone")
    async with aclosing(pieces()) as made:  # type: ignore[type-var]
        with pytest.raises(ConnectionResetError, match="gone"):
            await asyncio.wait_for(send_joined(made, sent), LIMIT)
    assert cleaned == ["wait", "iterator"]


async def test_one_that_will_not_be_cancelled_still_ends() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        yield b"never sent"

    sent = Sent()
    sent.error = ConnectionResetError("gone")
    with pytest.raises(ConnectionResetError, match="gone"):
        await asyncio.wait_for(send_joined(pieces(), sent), LIMIT)
    assert sent.joined == [b"a"]


@pytest.mark.parametrize("where", ["sending", "waiting"])
async def test_a_task_is_cancelled_wherever_it_stands(where: str) -> None:
    cleaned = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()
        yield b"b"

    sent = Sent()
    if where == "sending":
        sent.reads.clear()
    sending = asyncio.create_task(send_joined(pieces(), sent))
    await asyncio.wait_for(sent.begun.wait(), LIMIT)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(sending, LIMIT)
    assert cleaned.is_set()


async def test_what_came_meanwhile_is_there_when_a_slow_client_has_read() -> None:
    queue: asyncio.Queue[bytes] = asyncio.Queue()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        while piece := await queue.get():
            yield piece

    sent = Sent()
    sent.reads.clear()
    sending = asyncio.create_task(send_joined(pieces(), sent))
    await asyncio.wait_for(sent.begun.wait(), LIMIT)
    for piece in (b"b", b"c", b""):
        queue.put_nowait(piece)
    await asyncio.sleep(0)
    sent.reads.set()
    assert await asyncio.wait_for(sending, LIMIT) == b"bc"
    assert sent.joined == [b"a"]
