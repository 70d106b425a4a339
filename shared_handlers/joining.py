"""Streamed pieces, joined while they are at hand: one write for all that is made without a wait, none held back by one.

Each write costs a call of the kernel, and a chunk its framing; fifty events that are there at once are one write.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import suppress
from functools import partial
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")
MOST = 65_536
"""Bytes from which on what was joined is sent, although there may be more at hand."""

Send = Callable[[bytes], Awaitable[None]]


async def send_joined(pieces: AsyncIterator[bytes], send: Send) -> bytes:
    """Send the pieces in their order, and give back those at the end that nothing had to be waited for.

    `send` is called before every wait of `pieces` and before what they raise is raised, if only with nothing, so that what
    its caller has to say first is said. What `send` raises cancels the wait of `pieces`, as leaving cancels a task. It is
    the caller who closes `pieces`.
    """
    held: list[bytes] = []
    size = 0
    said = False

    async def flush() -> None:
        nonlocal said, size
        said = True
        joined = b"".join(held)
        held.clear()
        size = 0
        await send(joined)

    while True:
        try:
            piece = await _flushed(anext(pieces), flush)
        except StopAsyncIteration:
            return b"".join(held)
        except Exception:
            if held or not said:
                await flush()
            raise
        if piece:
            held.append(piece)
            size += len(piece)
            if size >= MOST:
                await flush()


@coroutine
def _flushed(made: Awaitable[T], flush: Callable[[], Awaitable[None]]) -> Generator[Any, Any, T]:
    """`await made`, with `await flush()` just before it waits for the first time, if it does."""
    steps: Generator[Any, Any, T] = made.__await__()
    try:
        waits_for = next(steps)
    except StopIteration as done:
        result: T = done.value
        return result
    try:
        yield from flush().__await__()
    except GeneratorExit:
        steps.close()
        raise
    except BaseException:
        yield from _cancelled(steps, waits_for)
        raise
    return (yield from _resumed(steps, partial(_same, waits_for)))


def _resumed(steps: Generator[Any, Any, T], step: Callable[[], Any]) -> Generator[Any, Any, T]:
    """The rest of `yield from steps` (PEP 380), where `step` gives what it yielded last, or makes it yield."""
    while True:
        try:
            waits_for = step()
        except StopIteration as done:
            result: T = done.value
            return result
        try:
            sent = yield waits_for
        except GeneratorExit:
            steps.close()
            raise
        except BaseException as error:
            step = partial(steps.throw, error)
        else:
            step = partial(steps.send, sent)


def _same(waits_for: object) -> object:
    return waits_for


def _cancelled(steps: Generator[Any, Any, object], waits_for: Any) -> Generator[Any, Any, None]:
    """End a wait as `Task.cancel` does: what is waited for is cancelled; whoever waits learns it, and may clean up."""
    cancel = getattr(waits_for, "cancel", None)
    step = partial(_same, waits_for) if cancel is not None and cancel() else partial(steps.throw, CancelledError())
    with suppress(CancelledError, StopAsyncIteration):
        yield from _resumed(steps, step)
