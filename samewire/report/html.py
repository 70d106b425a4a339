"""A run's result as one self-contained page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from samewire.clusters import fingerprint
from samewire.compare import printable
from samewire.comparison import Comparison
from samewire.prove import remedy, verdict_line
from samewire.report import words
from samewire.report.bars import Bar, bars
from samewire.report.cards import Card, cards
from samewire.report.causes import causes, wrong_elsewhere
from samewire.report.coverage import RouteRow, by_route
from samewire.report.excused import Excused, excused
from samewire.report.found import Found
from samewire.report.performance import performance_lines
from samewire.result import DiffResult, Grade, NoisyPlace, PairResult

ROWS = 5000
"""Cases in the table of all."""


class Row(NamedTuple):
    """A case in the table of all."""

    case: str
    title: str
    why: str
    state: str
    """`same`, `differs`, `failed alike`, `failed`, `accepted` or `not observed`."""
    milliseconds: tuple[float, float]
    cause: str
    """The fingerprint of its first difference, or an empty text."""


class Part(NamedTuple):
    """One comparison, as the page shows it."""

    number: int
    """Of the comparison in the page: ids must differ."""
    found: Comparison
    diff: DiffResult
    counts: str
    figures: tuple[tuple[str, str, str], ...]
    """A number, what it counts, and a class."""
    notes: list[tuple[str, str]]
    """What it is worth, each with a class."""
    cards: tuple[Card, ...]
    wrong: Sequence[PairResult]
    unsteady: tuple[Card, ...]
    excused: tuple[Excused, ...]
    noise: Sequence[tuple[str, Sequence[NoisyPlace]]]
    """By kind; what is not compared first."""
    coverage: tuple[RouteRow, ...]
    gate_line: str
    remedies: tuple[str, ...]
    """Of each fault that was missed."""
    performance: str
    bars: list[Bar]
    rows: list[Row]


def page(found: Found, at: datetime) -> str:
    """The whole page; everything that came from a server is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    parts = [_part(number, one, at.date()) for number, one in enumerate(found.comparisons)]
    return environment.get_template("page.html.jinja").render(
        at=at.isoformat(" ", "seconds"),
        left_out=words.left_out,
        today=at.date(),
        exit_status=found.exit_status,
        parts=parts,
        checks=[(words.check_line(check), check) for check in found.checks],
        options=_options(card for part in parts for card in part.cards),
    )


def _shown(value: Any) -> Any:
    """What is written in the page, before it is escaped: nothing that could not be seen in it."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(map(printable, value.split("\n")))


def _part(number: int, one: Comparison, today: date) -> Part:
    diff, found = one.diff, causes(one.diff)
    measured = one.load is not None or one.load_missing
    return Part(
        number=number,
        found=one,
        diff=diff,
        counts=words.verdict_line(diff).partition(": ")[2],
        figures=_figures(diff, [cause.cluster.grade for cause in found]),
        notes=[(line, _style(line)) for line in words.notes(diff, today)],
        cards=cards(found),
        wrong=wrong_elsewhere(diff),
        unsteady=cards(causes(one.identity)) if one.identity else (),
        excused=excused(diff),
        noise=_by_kind(diff.noise),
        coverage=by_route(diff),
        gate_line=verdict_line(one.gate) if one.gate else "",
        remedies=tuple(map(remedy, one.gate.wrong)) if one.gate else (),
        performance=performance_lines(one)[-1] if measured else "",
        bars=bars(one.load),
        rows=[_row(pair) for pair in diff.pairs[:ROWS]],
    )


def _figures(diff: DiffResult, grades: Sequence[Grade]) -> tuple[tuple[str, str, str], ...]:
    """What the first screen counts; of what must not be, only what there is."""
    counted = Counter(grades)
    told = (
        (diff.comparisons, "compared", ""),
        *((counted[grade], str(grade), str(grade)) for grade in Grade),
        (len(diff.failed_alike), "wrong alike", "breaking"),
        (len([pair for pair in diff.pairs if not pair.evident]), "not observed", "open"),
        (len(excused(diff)), "accepted", "open"),
        (len(diff.noise), "noisy places", ""),
    )
    always = ("compared", "breaking")
    return tuple(
        (f"{number:,}", name, style if number else "") for number, name, style in told if number or name in always
    )


def _style(note: str) -> str:
    return "open" if note.startswith(("soon:", "no evidence:")) else ""


def _by_kind(noise: Sequence[NoisyPlace]) -> Sequence[tuple[str, Sequence[NoisyPlace]]]:
    kinds = dict.fromkeys(place.kind for place in sorted(noise, key=lambda place: (place.checked, place.kind)))
    return [(kind, [place for place in noise if place.kind == kind]) for kind in kinds]


def _options(found: Iterable[Card]) -> dict[str, list[str]]:
    """What can be chosen in each filter."""
    shown = list(found)
    return {
        "grade": [grade for grade in Grade if any(card.cause.cluster.grade is grade for card in shown)],
        "kind": sorted({card.kind for card in shown}),
        "route": sorted({card.route for card in shown}),
    }


def _row(pair: PairResult) -> Row:
    seconds = (pair.old.transcript.seconds, pair.new.transcript.seconds)
    first = fingerprint(pair.differences[0]) if pair.differences else ""
    return Row(pair.case, pair.title, pair.why, _state(pair), (seconds[0] * 1000, seconds[1] * 1000), first)


def _state(pair: PairResult) -> str:
    states = (
        (bool(pair.differences), "differs"),
        (not pair.evident, "not observed"),
        (pair.failed_alike, "failed alike"),
        (not (pair.old.passed and pair.new.passed), "failed"),
        (bool(pair.accepted), "accepted"),
    )
    return next((state for holds, state in states if holds), "same")
