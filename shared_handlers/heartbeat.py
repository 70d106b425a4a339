"""A sign of life in a stream that has nothing to say for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from shared_handlers.sse import comment

BEAT = comment("keepalive")


async def with_heartbeats(source: AsyncGenerator[bytes, None], seconds: float) -> AsyncGenerator[bytes, None]:
    """`source`, with a comment line (WHATWG HTML section 9.2.7) whenever it yields nothing for so many seconds.

    Closing this closes `source`, in the midst of what it waits for.
    """
    async with aclosing(source):
        while True:
            piece = asyncio.ensure_future(_next(source))
            try:
                while not (await asyncio.wait({piece}, timeout=seconds))[0]:
                    yield BEAT
            finally:
                await _ended(piece)
            if (data := piece.result()) is None:
                return
            yield data


async def _next(source: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(source, None)


async def _ended(task: asyncio.Task[bytes | None]) -> None:
    """Stop the task if it still runs, and wait until it has: an async generator can't be closed while it runs."""
    if task.done():
        return
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # looked at, or asyncio would complain that nobody did
