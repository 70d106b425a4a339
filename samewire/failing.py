"""Makes a failure that may be shown."""

from __future__ import annotations

from samewire.compare import bounded, redact
from samewire.result import Failure

ABSENT = "(absent)"


def failure(place: str, expected: str, got: str) -> Failure:
    """Bounded, printable, without secrets."""
    return Failure(place, bounded(redact(expected)), bounded(redact(got)))
