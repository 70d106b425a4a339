"""A task that takes its first step at once: what never suspends has ended before anything else runs.

Python 3.12 has this as `eager_start`; for 3.11 it is made here with the documented means for third-party tasks
(https://docs.python.org/3/library/asyncio-extending.html).
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

if sys.version_info >= (3, 12):

    def start(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> asyncio.Future[T]:
        """Run `work` up to its first wait; it goes on by itself from there."""
        return asyncio.Task(work, loop=loop, eager_start=True)

else:

    def start(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> asyncio.Future[T]:
        """Run `work` up to its first wait; it goes on by itself from there."""
        task = EagerTask(work, loop)
        task.context.run(task.step)
        return task


class EagerTask(asyncio.Future[T]):
    """`asyncio.Task`, but for who takes the first step; the same object is the current task from first to last."""

    def __init__(self, work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._work = work
        self._loop_ = loop
        self.context = contextvars.copy_context()
        self._waiting_for: asyncio.Future[Any] | None = None
        self._must_cancel = False
        self._cancel_requests = 0

    def step(self, error: BaseException | None = None) -> None:
        """Run up to the next wait; to be called in `context`."""
        if self._must_cancel:
            error, self._must_cancel = error or asyncio.CancelledError(), False
        self._waiting_for = None
        asyncio._enter_task(self._loop_, self)  # type: ignore[arg-type]
        try:
            waiting_for = self._work.send(None) if error is None else self._work.throw(error)
        except StopIteration as stop:
            super().set_result(stop.value)
        except asyncio.CancelledError:
            super().cancel()
        except Exception as failure:
            super().set_exception(failure)
        else:
            self._wait_for(waiting_for)
        finally:
            asyncio._leave_task(self._loop_, self)  # type: ignore[arg-type]

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

    def get_coro(self) -> Coroutine[Any, Any, T]:
        return self._work

    def get_name(self) -> str:
        return f"eager-{id(self):x}"

    def _wait_for(self, waiting_for: asyncio.Future[Any] | None) -> None:
        if waiting_for is None:  # asyncio.sleep(0)
            self._loop_.call_soon(self.step, context=self.context)
            return
        waiting_for._asyncio_future_blocking = False
        waiting_for.add_done_callback(self._wake, context=self.context)
        self._waiting_for = waiting_for
        if self._must_cancel and waiting_for.cancel():
            self._must_cancel = False

    def _wake(self, future: asyncio.Future[Any]) -> None:
        # The work itself asks the future for its result or its exception.
        self.step()
