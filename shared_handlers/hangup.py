"""The signals that never end a server. It imports next to nothing, so that a program can begin with it."""

from __future__ import annotations

import signal

OUTLIVED = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
"""What others send to have something read or opened anew: the closing of a terminal, a reload, the rotation of logs.

Nothing of that kind is done here, and what they would do by themselves is to end the process without a drain.
"""


def outlive_hangups() -> None:
    """Ignore these signals from here on, in what the process executes next as well (execve(2))."""
    for number in OUTLIVED:
        signal.signal(number, signal.SIG_IGN)
