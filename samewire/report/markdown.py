"""A run's result as Markdown, short enough for a comment on a pull request."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from samewire.compare import bounded, printable
from samewire.comparison import Comparison
from samewire.prove import verdict_line
from samewire.report import words
from samewire.report.causes import Cause, causes, wrong_elsewhere
from samewire.report.excused import excused
from samewire.report.found import Found
from samewire.report.performance import performance_lines
from samewire.result import CheckResult, PairResult

LIMIT = 60_000
"""Characters: a comment on GitHub takes 65,536."""
_ROWS = 20
_DETAILS = 10
_CELL, _LINE = 120, 400
_PLAIN = frozenset(" ,;%-=+/()\"'")
"""ASCII that is no letter or digit and means nothing in Markdown."""


def found_markdown(found: Found, today: date) -> str:
    """The verdict, a table of causes, the rest folded."""
    blocks = [block for one in found.comparisons for block in _comparison(one, today)]
    blocks += [block for check in found.checks for block in _check(check, explained=bool(found.comparisons))]
    return _within_limit(blocks or ["## Nothing was compared"])


def code(text: str, limit: int = _CELL) -> str:
    """A server's text in a line: no markup of it, no link, and (as it is code) no mention of a user works."""
    shown = bounded(text, limit)
    return f"<code>{''.join(map(_escaped, shown))}</code>"


def block(text: str) -> str:
    """A server's text in lines."""
    lines = "\n".join(map(printable, text.split("\n")))
    return f"<pre>{html.escape(lines, quote=False)}</pre>"


def _comparison(one: Comparison, today: date) -> Iterator[str]:
    diff = one.diff
    yield f"## {diff.verdict.capitalize()}: {code(diff.old)} and {code(diff.new)}"
    yield f"{words.verdict_line(diff).partition(': ')[2]}."
    yield from (f"Stale: {code(text)}" for text in diff.stale)
    found = causes(diff)
    if found:
        yield _table(("grade", "place", "what", "where", diff.old, diff.new), map(_row, found[:_ROWS]))
        yield from [f"{len(found) - _ROWS} more causes are in the other reports."] if len(found) > _ROWS else []
        yield _folded("One case of each, and how to see it again", map(words.explain_cause, found[:_DETAILS]))
    yield from _wrong(wrong_elsewhere(diff))
    yield from _notes(one, today)


def _row(cause: Cause) -> tuple[str, ...]:
    cluster = cause.cluster
    return (
        str(cluster.grade),
        code(cluster.place),
        code(cluster.change),
        cause.extent,
        code(cluster.example.old),
        code(cluster.example.new),
    )


def _wrong(pairs: Sequence[PairResult]) -> Iterator[str]:
    if pairs:
        title = f"Not as a case expects, with no difference: {len(pairs)}"
        yield _folded(title, map(words.explain_pair, pairs[:_DETAILS]))


def _notes(one: Comparison, today: date) -> Iterator[str]:
    diff = one.diff
    lines = [
        *words.left_out(diff),
        *words.notes(diff, today),
        *((verdict_line(one.gate),) if one.gate else ()),
        *(performance_lines(one)[-1:] if one.load is not None or one.load_missing else ()),
    ]
    if lines:
        yield "\n".join(f"- {code(line, _LINE)}" for line in lines)
    if entries := excused(diff):
        lines = [
            f"{entry.times} time{'' if entry.times == 1 else 's'} until {entry.until}, ask {entry.owner}: {entry.reason}"
            for entry in entries
        ]
        yield _folded(f"Accepted differences: {len(entries)}", lines)


def _check(check: CheckResult, *, explained: bool) -> Iterator[str]:
    yield f"**{code(words.check_line(check))}**"
    yield from (block(text) for text in check.not_started)
    if check.failed and not explained:
        yield _folded("What fails", map(words.explain_check, check.failed[:_DETAILS]))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [[code(head[-2]) if n == 4 else code(head[-1]) if n == 5 else name for n, name in enumerate(head)]]
    lines += [["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _folded(title: str, texts: Iterable[str]) -> str:
    """An empty line would end the element before its end, but not within `pre`."""
    return "\n".join((f"<details><summary>{html.escape(title)}</summary>", "", *map(block, texts), "", "</details>"))


def _within_limit(blocks: Iterable[str]) -> str:
    """Whole blocks only: half a table or an open element would spoil what comes after it."""
    kept: list[str] = []
    left = LIMIT
    for text in blocks:
        if len(text) + 2 > left:
            kept.append("More is in the other reports.")
            break
        kept.append(text)
        left -= len(text) + 2
    return "\n\n".join(kept) + "\n"


def _escaped(char: str) -> str:
    """References can't stand for what makes markup (CommonMark 0.31.2 section 2.5)."""
    return char if char.isalnum() or char in _PLAIN or not char.isascii() else f"&#{ord(char)};"
