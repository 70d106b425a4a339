"""Sends the records of some traffic to two servers and holds every pair of answers against each other."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from samewire.config import Config
from samewire.engine import Session
from samewire.faults import fault
from samewire.interrupt import Interrupted
from samewire.launch import Running
from samewire.replay.feed import Due, Feed, Source
from samewire.replay.judge import Judge
from samewire.replay.requests import Unwritable
from samewire.replay.tally import Tally
from samewire.replay.worker import Ground, Impossible, Unreached, Worker
from samewire.result import DiffResult

_TICK = 0.05
"""Seconds between looks at what has taken too long."""
UNREACHED = "neither target could be reached"
UNWRITABLE = "its target or one of its fields can't stand in a request"
Told = Callable[[int, int], None]
"""Called now and then with how many exchanges are done, and how many of them differ."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is replayed, and how."""

    sources: tuple[Source, ...]
    allow_unsafe: bool = False
    concurrency: int = 16
    """Connections to each target, at the most."""
    seed: int | None = None
    """Decides, pair by pair, which side is asked first."""
    timeout: float = 5.0
    """Seconds for one answer."""


async def replay(session: Session, config: Config, old: Running, new: Running, plan: Plan, told: Told) -> DiffResult:
    """All records on both targets. Cancelled, it raises Interrupted with what was found until then."""
    replayer = _Replayer(session, config, (old, new), plan)
    try:
        await replayer.run(told)
    except asyncio.CancelledError:
        raise Interrupted(replayer.result(interrupted=True)) from None
    return replayer.result()


class _Replayer:
    """One replay under way."""

    def __init__(self, session: Session, config: Config, targets: tuple[Running, Running], plan: Plan) -> None:
        old, new = targets
        allowed = plan.allow_unsafe or (old.disposable and new.disposable)
        self._names = old.name, new.name
        self._session = session
        self._feed = Feed(plan.sources, unsafe=allowed)
        self._judge = Judge(session, config, old, new)
        self._tally = Tally()
        self._ground = Ground(old, new, self._judge, self._tally, random.Random(plan.seed), plan.timeout)
        self._concurrency = plan.concurrency

    async def run(self, told: Told) -> None:
        """Until every record was sent or skipped. Raises what reading raises when nothing could be read at all."""
        workers = [Worker(self._ground) for _ in range(self._concurrency)]
        watch = asyncio.create_task(self._watch(workers, told))
        try:
            await workers[0].warm_up()
            async with asyncio.TaskGroup() as group:
                for worker in workers:
                    group.create_task(self._work(worker))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        finally:
            watch.cancel()
            for worker in workers:
                worker.duo.close()
            told(self._tally.done, self._tally.differing)

    def result(self, *, interrupted: bool = False) -> DiffResult:
        """What was found until now."""
        return DiffResult(
            *self._names,
            pairs=tuple(self._tally.pairs),
            stale=self._session.stale(full=False),
            unchanged=self._tally.unchanged,
            omitted=self._tally.omitted,
            more=tuple(self._tally.more.items()),
            accounts=tuple(book.account() for book in self._feed.books),
            coverage=self._tally.coverage(),
            noise=self._judge.noises.places(),
            interrupted=interrupted,
        )

    async def _watch(self, workers: Sequence[Worker], told: Told) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(_TICK)
            for worker in workers:
                worker.duo.expire(clock())
            told(self._tally.done, self._tally.differing)

    async def _work(self, worker: Worker) -> None:
        while (due := await self._feed.next()) is not None:
            await self._carry_out(worker, due)
        await worker.part()

    async def _carry_out(self, worker: Worker, due: Due) -> None:
        """Sent, or why it was not after all. A fault of our own costs one record."""
        try:
            await worker.carry_out(due.record, safe=due.safe)
        except Unwritable:
            self._feed.done(due, skipped=UNWRITABLE)
        except Impossible as error:
            self._feed.done(due, skipped=str(error))
        except Unreached:
            self._feed.done(due, lost=UNREACHED)
        except Exception as error:
            worker.begin_anew()
            self._feed.done(due, lost=fault(error))
        else:
            self._feed.done(due)
