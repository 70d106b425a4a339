"""Ports of this machine: one that is free, and who listens on one."""

from __future__ import annotations

import socket

try:
    import psutil
except ImportError:  # it comes with the extra that measures load
    psutil = None  # type: ignore[assignment]


def free_port() -> int:
    """One that nobody listens on now; somebody may the next moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def holds(pid: int, port: int) -> bool:
    """Whether the process, or one that it started, listens on the port; True where that can't be seen."""
    if psutil is None:
        return True
    try:
        leader = psutil.Process(pid)
        return any(_listens(process, port) for process in (leader, *leader.children(recursive=True)))
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _listens(process: psutil.Process, port: int) -> bool:
    return any(
        found.status == psutil.CONN_LISTEN and found.laddr.port == port for found in process.net_connections(kind="tcp")
    )
