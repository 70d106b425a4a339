"""A run's result as one self-contained page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from parity.compare import printable
from parity.comparison import Comparison
from parity.load.result import LoadResult, Ratio
from parity.report import words
from parity.report.found import Found
from parity.report.performance import performance_lines
from parity.result import Difference, DiffResult, PairResult

_SCALE = math.log(2)
"""An interval is drawn between half and twice."""


class Row(NamedTuple):
    """A case in the table of all."""

    case: str
    title: str
    why: str
    state: str
    """`same`, `differs`, `failed alike`, `failed`, `accepted` or `not observed`."""
    milliseconds: tuple[float, float]


class Excused(NamedTuple):
    """The differences that one entry of the configuration accepts."""

    reason: str
    owner: str
    until: str
    times: int
    example: Difference


class Bar(NamedTuple):
    """A ratio with its interval, in percent of the drawing's width."""

    ratio: Ratio
    low: float
    middle: float
    high: float


def page(whole: Found, at: datetime) -> str:
    """The whole page; everything that came from a server is escaped."""
    found = whole.comparisons[0] if whole.comparisons else Comparison(DiffResult("old", "new", ()))
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    return environment.get_template("page.html.jinja").render(
        at=at.isoformat(" ", "seconds"),
        diff=found.diff,
        checks=[(words.check_line(check), check) for check in whole.checks],
        identity=found.identity,
        unsteady=_differences(found.identity.pairs) if found.identity else (),
        verdict_line=words.verdict_line(found.diff),
        exit_status=found.exit_status,
        noteworthy=words.noteworthy(found.diff),
        excused=_excused(found.diff.pairs),
        load=found.load,
        performance=performance_lines(found)[-1],
        bars=_bars(found.load),
        rows=[_row(pair) for pair in found.diff.pairs],
    )


def _shown(value: Any) -> Any:
    """What is written in the page, before it is escaped: nothing that could not be seen in it."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(map(printable, value.split("\n")))


def _row(pair: PairResult) -> Row:
    seconds = (pair.old.transcript.seconds, pair.new.transcript.seconds)
    return Row(pair.case, pair.title, pair.why, _state(pair), (seconds[0] * 1000, seconds[1] * 1000))


def _state(pair: PairResult) -> str:
    states = (
        (bool(pair.differences), "differs"),
        (not pair.evident, "not observed"),
        (pair.failed_alike, "failed alike"),
        (not (pair.old.passed and pair.new.passed), "failed"),
        (bool(pair.accepted), "accepted"),
    )
    return next((state for holds, state in states if holds), "same")


def _excused(pairs: Sequence[PairResult]) -> list[Excused]:
    """By entry: a difference in every answer needs one row and not a thousand."""
    entries: dict[tuple[str, str, str], list[Difference]] = {}
    for accepted in (accepted for pair in pairs for accepted in pair.accepted):
        entries.setdefault((accepted.reason, accepted.owner, accepted.until), []).append(accepted.difference)
    return [Excused(*entry, len(found), found[0]) for entry, found in entries.items()]


def _differences(pairs: tuple[PairResult, ...]) -> tuple[Difference, ...]:
    return tuple(difference for pair in pairs for difference in pair.differences)


def _bars(load: LoadResult | None) -> list[Bar]:
    return [Bar(ratio, _at(ratio.low), _at(ratio.ratio), _at(ratio.high)) for ratio in load.ratios] if load else []


def _at(ratio: float) -> float:
    """Where a ratio lies on a logarithmic scale, 1 in the middle."""
    return 50 + 50 * max(-1.0, min(1.0, math.log(ratio) / _SCALE)) if ratio > 0 else 0.0
