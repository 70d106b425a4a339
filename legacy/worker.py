"""Application code on a worker thread: what never waits ends at its first step; what waits keeps the worker.

Each worker has an event loop of its own, so what an endpoint makes of asyncio before its first wait is bound to it, and
the worker runs that loop until the endpoint has ended.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from legacy.eager import WAITING, EagerTask, ended

T = TypeVar("T")


class _Own(threading.local):
    """What belongs to the thread that asks."""

    loop: asyncio.AbstractEventLoop
    task: EagerTask[Any]


_own = _Own()


def begin() -> None:
    """Make the calling thread a worker."""
    _own.loop = asyncio.new_event_loop()
    _own.task = EagerTask(_own.loop)
    asyncio._set_running_loop(_own.loop)


def end() -> None:
    """The calling thread is a worker no longer."""
    asyncio._set_running_loop(None)
    _own.loop.close()


def run_here(work: Coroutine[Any, Any, T], within: float | None) -> T:
    """What `work` gives or raises; Late when it waits and takes longer than `within` seconds."""
    task: EagerTask[T] = _own.task
    result = task.first_step(work)
    if result is not WAITING:
        return result
    loop = _own.loop
    _own.task = EagerTask(loop)
    asyncio._set_running_loop(None)
    try:
        return loop.run_until_complete(ended(task, within))
    finally:
        asyncio._set_running_loop(loop)
