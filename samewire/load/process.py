"""CPU time and peak memory of a server's processes, as the operating system counts them."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil


def cpu_seconds(pid: int) -> float | None:
    """CPU time used so far by the process and its children, or None when it is gone.

    On Linux from the process's own clock (clock_getcpuclockid(3)), in nanoseconds: the ticks of /proc are of 10 ms,
    which is more than a short block uses.
    """
    try:
        return sum(_seconds(process) for process in _family(pid))
    except (psutil.Error, OSError):
        return None


def peak_memory(pid: int) -> int | None:
    """Bytes of resident memory at the highest (VmHWM; elsewhere than on Linux, now), summed over the processes."""
    try:
        return sum(_peak(process) for process in _family(pid))
    except (psutil.Error, OSError):
        return None


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    if sys.platform == "linux":
        return time.clock_gettime(~process.pid << 3 | 2)
    times = process.cpu_times()
    return times.user + times.system


def _peak(process: psutil.Process) -> int:
    if sys.platform == "linux":
        for line in Path(f"/proc/{process.pid}/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return int(process.memory_info().rss)
