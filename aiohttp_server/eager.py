"""A time limit that costs nothing to work which never waits."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Awaitable, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Steps = Generator[Any, Any, T]


class Late(Exception):
    """The work did not end within its limit and was cancelled."""


async def within(seconds: float, work: Awaitable[T]) -> T:
    """What `work` gives; Late when it takes longer than `seconds` and waits, for a limit can't stop what never does."""
    steps: Steps[T] = work.__await__()
    try:
        waiting_for = steps.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await _resumed(steps, waiting_for)
    except TimeoutError:
        if limit.expired():
            raise Late from None
        raise


@types.coroutine
def _resumed(steps: Steps[T], waiting_for: Any) -> Generator[Any, Any, T]:
    """The rest of a coroutine whose first step has been taken: what that step waits for is handed to the task here."""
    try:
        while True:
            try:
                answer = yield waiting_for
            except BaseException as error:
                waiting_for = steps.throw(error)
            else:
                waiting_for = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result
