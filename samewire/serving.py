"""Several targets at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from samewire.launch import NotStarted, Running, launched
from samewire.targets import Command, Target

Again = tuple[Running, Running] | None
"""A target and a second start of it."""
SECOND = " (second start)"
"""What is added to its name."""


@contextlib.asynccontextmanager
async def serving(targets: Sequence[Target]) -> AsyncIterator[tuple[Running, ...]]:
    """All of them, started side by side, in their order, and stopped side by side: one that drains keeps none waiting.

    Raises NotStarted when one is not up, after all have tried.
    """
    stacks = [(contextlib.AsyncExitStack(), target) for target in targets]
    try:
        starting = (stack.enter_async_context(launched(target)) for stack, target in stacks)
        yield _all(await asyncio.gather(*starting, return_exceptions=True))
    finally:
        await asyncio.gather(*(stack.aclose() for stack, _ in stacks))


@contextlib.asynccontextmanager
async def serving_again(
    targets: Sequence[Target], *, wanted: bool = True
) -> AsyncIterator[tuple[tuple[Running, ...], Again]]:
    """All of them, as `serving`, and, where there are several, a second start of the first if that does no harm.

    It must be `wanted`, and does none for what is started here and may change its state. One that does not start a second time (its port is
    fixed) goes without. Raises NotStarted.
    """
    async with serving(targets) as servers, contextlib.AsyncExitStack() as stack:
        first, again = targets[0], None
        if wanted and len(targets) > 1 and isinstance(first.source, Command) and first.disposable:
            with contextlib.suppress(NotStarted):
                second = replace(first, name=first.name + SECOND)
                again = servers[0], await stack.enter_async_context(launched(second))
        yield servers, again


def _all(found: Sequence[Running | BaseException]) -> tuple[Running, ...]:
    for other in found:
        if isinstance(other, BaseException) and not isinstance(other, NotStarted):
            raise other
    failed = [str(error) for error in found if isinstance(error, NotStarted)]
    if failed:
        raise NotStarted("\n".join(failed))
    return tuple(running for running in found if isinstance(running, Running))
