"""A fault of the harness itself, in a line for whoever reports it."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb


def fault(error: BaseException) -> str:
    """What was raised and where, of a group the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"a fault of samewire itself: {type(error).__name__}: {error}{where}"
