"""Two texts of several lines as the lines that part them: what a reader of code knows as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from samewire.compare.shown import bounded, first_difference, printable

_AROUND = 2
"""Lines shown before and after what differs."""
_WINDOW = 60
"""Lines of each text that are aligned: that takes quadratic time."""
_MOST = 24
"""Lines in all."""
_WIDEST = 160
"""Characters of a line."""
_MORE = "…"


def line_diff(old: str, new: str) -> str:
    """The first lines that differ, with those around them; empty unless both texts have several lines.

    `@@ -LINE +LINE @@`, then lines that begin with a blank, `-` or `+`; bounded and printable; `…` where more may differ.
    """
    if old == new or "\n" not in old or "\n" not in new:
        return ""
    above = old.count("\n", 0, first_difference(old, new))
    start = max(0, above - _AROUND)
    mine, theirs = old.split("\n"), new.split("\n")
    windows = mine[start : start + _WINDOW], theirs[start : start + _WINDOW]
    cut = max(len(mine), len(theirs)) > start + _WINDOW
    lines = list(_lines(*windows, start, cut=cut))
    return "\n".join([*lines[:_MOST], _MORE] if len(lines) > _MOST else lines)


def _lines(old: Sequence[str], new: Sequence[str], start: int, *, cut: bool) -> Iterator[str]:
    """What parts two windows at their very end says nothing where the texts go on."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_AROUND)):
        at_the_end = cut and group[-1][0] != "equal"
        if at_the_end and number:
            yield _MORE
            return
        yield f"@@ -{start + group[0][1] + 1} +{start + group[0][3] + 1} @@"
        for tag, first, last, other_first, other_last in group:
            yield from (f"{' ' if tag == 'equal' else '-'}{_shown(line)}" for line in old[first:last])
            yield from (f"+{_shown(line)}" for line in new[other_first:other_last] if tag != "equal")


def _shown(line: str) -> str:
    return bounded(line, _WIDEST) if line else printable(line)
