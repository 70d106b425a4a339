from __future__ import annotations

import asyncio
from typing import Any

import anyio
import pytest

from legacy.eager import WAITING, EagerTask, ended
from legacy.stream import Late
from legacy.tests.client import LIMIT


async def outside(call: Any) -> Any:
    """Call it as the loop does: in no task."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def run() -> None:
        try:
            done.set_result(call(EagerTask(loop)))
        except Exception as error:
            done.set_exception(error)

    loop.call_soon(run)
    return await done


async def begun(work: Any) -> EagerTask[Any]:
    """A task whose work has come to its first wait."""

    def begin(task: EagerTask[Any]) -> EagerTask[Any]:
        assert task.first_step(work) is WAITING
        return task

    task: EagerTask[Any] = await outside(begin)
    return task


async def test_work_that_never_waits_has_ended_at_once_and_leaves_the_task_for_more() -> None:
    async def work(value: int) -> int:
        return value

    assert await outside(lambda task: [task.first_step(work(1)), task.first_step(work(2))]) == [1, 2]


async def test_an_exception_before_the_first_wait_comes_at_once() -> None:
    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await outside(lambda task: task.first_step(work()))


async def test_work_that_waits_goes_on_by_itself() -> None:
    event = asyncio.Event()

    async def work() -> str:
        await event.wait()
        await asyncio.sleep(0)
        return "done"

    task = await begun(work())
    assert not task.done()
    event.set()
    assert await ended(task, LIMIT) == "done"


async def test_the_task_is_the_current_one_from_first_to_last() -> None:
    async def work() -> list[Any]:
        first = asyncio.current_task()
        await asyncio.sleep(0)
        return [first, asyncio.current_task()]

    task = await begun(work())
    assert await ended(task, LIMIT) == [task, task]


async def test_asyncio_timeout_works_within() -> None:
    async def work() -> str:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        except TimeoutError:
            return "late"
        return ""

    task = await begun(work())
    assert await ended(task, LIMIT) == "late"
    assert task.cancelling() == 0


async def test_a_task_group_works_within() -> None:
    async def work() -> list[int]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(asyncio.sleep(0, number)) for number in range(3)]
        return [task.result() for task in tasks]

    assert await ended(await begun(work()), LIMIT) == [0, 1, 2]


async def test_cancelling_reaches_the_work_at_its_wait() -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            await asyncio.sleep(0)
            seen.append("cleaned up")
            raise

    task = await begun(work())
    task.cancel()
    with pytest.raises(RuntimeError, match="cancelled"):
        await ended(task, LIMIT)
    assert seen == ["cancelled", "cleaned up"]
    assert not task.cancel()


async def test_work_that_takes_too_long_is_late() -> None:
    with pytest.raises(Late):
        await ended(await begun(asyncio.Event().wait()), 0.01)


async def test_an_exception_after_a_wait_comes_from_the_task() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise LookupError

    with pytest.raises(LookupError):
        await ended(await begun(work()), LIMIT)


async def test_clients_that_use_anyio_work_within() -> None:
    """It reads more of a task than asyncio itself; many clients of other services are built on it."""

    async def work() -> str:
        with anyio.move_on_after(0.01) as scope:
            await anyio.sleep_forever()
        assert scope.cancelled_caught
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 0)
        with pytest.raises(TimeoutError):
            with anyio.fail_after(0.01):
                await anyio.Event().wait()
        return "done"

    assert await asyncio.wait_for(await begun(work()), LIMIT) == "done"
