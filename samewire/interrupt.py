"""Runs asynchronous work so that it cleans up when the user, or the system, wants it to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from samewire.result import DiffResult

INTERRUPTED = 130


class Interrupted(Exception):
    """The user, or the system, wanted it to end; `result` is what was found until then, `before` of other pairs of
    targets."""

    def __init__(self, result: DiffResult, before: tuple[DiffResult, ...] = ()) -> None:
        super().__init__("interrupted")
        self.result = replace(result, interrupted=True)
        self.before = before


@contextmanager
def keeping(found: DiffResult, *before: DiffResult) -> Iterator[None]:
    """Cancelled within, it raises Interrupted with what was found before."""
    try:
        yield
    except (asyncio.CancelledError, Interrupted):
        raise Interrupted(found, before) from None


_Found = TypeVar("_Found")


def run(work: Coroutine[Any, Any, _Found]) -> _Found:
    """What the work gives. SIGINT and SIGTERM cancel it; when it has cleaned up, KeyboardInterrupt is raised.

    Work that has something to show raises Interrupted when it is cancelled.
    """
    found: list[_Found] = []
    asyncio.run(_kept(work, found))
    return found[0]


async def _kept(work: Coroutine[Any, Any, _Found], found: list[_Found]) -> None:
    """Not the task's own result: when asyncio.run restores the handler of SIGINT, `signal` writes out the task, with all
    of its result, only to throw the text away; of a thousand cases that takes seconds."""
    found.append(await _heeding_sigterm(work))


async def _heeding_sigterm(work: Coroutine[Any, Any, _Found]) -> _Found:
    """asyncio.run cancels its main task on SIGINT; this does so on SIGTERM."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        current = asyncio.current_task()
        if current is not None and current.cancelling():
            raise
        raise KeyboardInterrupt from None
