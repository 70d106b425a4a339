"""A time limit for work whose first step has been taken, so that it costs nothing to work which never waits."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Steps = Coroutine[Any, Any, T]


class Late(Exception):
    """The work did not end within its limit and was cancelled."""


async def within(seconds: float, steps: Steps[T], waiting_for: Any) -> T:
    """What the work gives whose first step gave `waiting_for`; Late when it takes longer than `seconds`."""
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
