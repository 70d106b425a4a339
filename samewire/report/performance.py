"""The load comparison in lines of plain text, also where there is none."""

from __future__ import annotations

from samewire.comparison import Comparison
from samewire.load import words


def performance_lines(found: Comparison) -> tuple[str, ...]:
    """The last one is the finding."""
    if found.load is None:
        return (f"performance: inconclusive: {found.load_missing}",)
    return words.lines(found.load)
