"""One measurement in a process of its own: what was done, how long it took, what it cost, how large it became."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple


class Measure(NamedTuple):
    """Of one run."""

    done: int
    seconds: float
    cpu: float
    """Seconds of this process, system time included."""
    peak: int
    """Largest resident size, in KiB."""

    @property
    def rate(self) -> float:
        """A second."""
        return self.done / self.seconds

    @property
    def cost(self) -> float:
        """CPU microseconds each."""
        return self.cpu / self.done * 1e6


def tell(work: Callable[[], int]) -> None:
    """In the measured process: do it, and print the measure; the work says how much it did."""
    started, before = time.perf_counter(), time.process_time()
    done = work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - before
    json.dump(Measure(done, seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss), sys.stdout)


def tell_async(work: Callable[[], Awaitable[int]]) -> None:
    """The same of work that awaits."""

    async def main() -> int:
        return await work()

    tell(lambda: asyncio.run(main()))


async def measured(module: str, *words: str) -> Measure:
    """Of `python -m loadtests.benchmarks.pairs.MODULE WORDS`; SystemExit when it fails."""
    command = (sys.executable, "-m", f"loadtests.benchmarks.pairs.{module}", *words)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return Measure(*json.loads(out))
