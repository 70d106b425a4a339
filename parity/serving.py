"""Several targets at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from parity.launch import NotStarted, Running, launched
from parity.targets import Target


@contextlib.asynccontextmanager
async def serving(targets: Sequence[Target]) -> AsyncIterator[tuple[Running, ...]]:
    """All of them, started side by side, in their order. Raises NotStarted when one is not up, after all have tried."""
    async with contextlib.AsyncExitStack() as stack:
        starting = (stack.enter_async_context(launched(target)) for target in targets)
        found = await asyncio.gather(*starting, return_exceptions=True)
        yield _all(found)


def _all(found: Sequence[Running | BaseException]) -> tuple[Running, ...]:
    for other in found:
        if isinstance(other, BaseException) and not isinstance(other, NotStarted):
            raise other
    failed = [str(error) for error in found if isinstance(error, NotStarted)]
    if failed:
        raise NotStarted("\n".join(failed))
    return tuple(running for running in found if isinstance(running, Running))
