"""A task that takes its first step at once: what never suspends has ended before anything else runs.

`asyncio.Task` learned this in Python 3.12 (`eager_start`), but it makes a task for each piece of work; this one can be
used again as long as the work did not wait. Made with the documented means for third-party tasks
(https://docs.python.org/3/library/asyncio-extending.html), so `current_task` and `asyncio.timeout` work within.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import Enum
from typing import Any, Final, Generic, Literal, TypeVar

from legacy.stream import Late

T = TypeVar("T")


class _Waiting(Enum):
    WAITING = 0


WAITING: Final = _Waiting.WAITING


class EagerTask(asyncio.Future[Any], Generic[T]):
    """`asyncio.Task`, but for its first step; the same object is the current task from first to last."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._owner = loop
        self._work: Coroutine[Any, Any, Any] | None = None
        self._waiting_for: asyncio.Future[Any] | None = None
        self._must_cancel = False
        self._cancel_requests = 0

    def first_step(self, work: Coroutine[Any, Any, T]) -> T | Literal[_Waiting.WAITING]:
        """What `work` gives or raises when it never waits; this task can then take on other work.

        WAITING when it does: the work goes on by itself, and this task is done when it is.
        """
        self._work = work
        asyncio._enter_task(self._owner, self)  # type: ignore[arg-type]
        try:
            waiting_for = work.send(None)
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            asyncio._leave_task(self._owner, self)  # type: ignore[arg-type]
        self._wait_for(waiting_for)
        return WAITING

    def cancel(self, msg: Any | None = None) -> bool:
        """Throw CancelledError into the work at its wait; False when it has ended."""
        if self.done():
            return False
        self._cancel_requests += 1
        if self._waiting_for is None or not self._waiting_for.cancel(msg):
            self._must_cancel = True
        return True

    def cancelling(self) -> int:
        """How many times it was cancelled and that was not taken back."""
        return self._cancel_requests

    def uncancel(self) -> int:
        """Take one cancellation back, as `asyncio.timeout` does with its own."""
        self._cancel_requests = max(0, self._cancel_requests - 1)
        return self._cancel_requests

    @property
    def _fut_waiter(self) -> asyncio.Future[Any] | None:
        """By this name anyio, and with it many a client of other services, looks at the wait of an asyncio.Task."""
        return self._waiting_for

    def get_coro(self) -> Coroutine[Any, Any, Any] | None:
        return self._work

    def get_name(self) -> str:
        return f"eager-{id(self):x}"

    def _wait_for(self, waiting_for: asyncio.Future[Any] | None) -> None:
        if waiting_for is None:  # asyncio.sleep(0)
            self._owner.call_soon(self._step)
            return
        waiting_for._asyncio_future_blocking = False
        waiting_for.add_done_callback(self._step)
        self._waiting_for = waiting_for
        if self._must_cancel and waiting_for.cancel():
            self._must_cancel = False

    def _step(self, _: object = None) -> None:
        """Run up to the next wait; the work itself asks what it waited for about its result or exception."""
        assert self._work is not None  # noqa: S101  (only work that waits comes here)
        cancelled, self._must_cancel = self._must_cancel, False
        self._waiting_for = None
        asyncio._enter_task(self._owner, self)  # type: ignore[arg-type]
        try:
            waiting_for = self._work.throw(asyncio.CancelledError()) if cancelled else self._work.send(None)
        except StopIteration as stop:
            super().set_result(stop.value)
        except asyncio.CancelledError:
            super().cancel()
        except Exception as failure:
            super().set_exception(failure)
        else:
            self._wait_for(waiting_for)
        finally:
            asyncio._leave_task(self._owner, self)  # type: ignore[arg-type]


async def ended(task: EagerTask[T], within: float | None) -> T:
    """What the work of a task that waits gives in the end; Late when that takes more than `within` seconds."""
    expired: list[bool] = []
    timer = None if within is None else task.get_loop().call_later(within, _expire, task, expired)
    try:
        result: T = await task
        return result
    except asyncio.CancelledError:
        if expired:
            raise Late from None
        raise RuntimeError("the work was cancelled") from None
    finally:
        if timer is not None:
            timer.cancel()


def _expire(task: EagerTask[Any], expired: list[bool]) -> None:
    expired.append(True)
    task.cancel()
