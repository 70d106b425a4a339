"""Holds a text, or the lines of a field, against what they must be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from samewire.ascii import lower, strip
from samewire.cases.model import Match
from samewire.check.filling import Filling
from samewire.compare import redact_field
from samewire.failing import ABSENT, failure
from samewire.result import Failure


def check_text(place: str, match: Match, text: str | None, filling: Filling) -> Iterator[Failure]:
    """What a text misses of a match; None is no text at all."""
    yield from _lines(place, match, () if text is None else (text,), filling, "")


def check_field(name: str, match: Match, lines: Sequence[str], filling: Filling, place: str = "") -> Iterator[Failure]:
    """What the lines of a field miss of a match; several count as one, joined by commas (RFC 9110 section 5.3)."""
    yield from _lines(place or f"header.{lower(name)}", match, lines, filling, name)


def _lines(place: str, match: Match, lines: Sequence[str], filling: Filling, field: str) -> Iterator[Failure]:
    got = ", ".join(redact_field(field, line) for line in lines) if lines else ABSENT
    if match.absent:
        if lines:
            yield failure(place, ABSENT, got)
        return
    if match.lines is not None and tuple(lines) != tuple(map(filling.text, match.lines)):
        yield failure(place, f"the lines {', '.join(map(repr, match.lines))}", ", ".join(map(repr, lines)) or ABSENT)
    for expected, met in _wanted(match, ", ".join(lines), filling):
        if not lines or not met:
            yield failure(place, expected, got)


def _wanted(match: Match, value: str, filling: Filling) -> Iterator[tuple[str, bool]]:
    """Each wish in words, and whether the value meets it; that there is a value is one, too."""
    if match.equals is not None:
        wanted = filling.text(match.equals)
        yield wanted or "an empty text", value == wanted
    if match.matches is not None:
        pattern = filling.pattern(match.matches)
        yield f"all of it matches {pattern}", re.fullmatch(pattern, value, re.ASCII | re.DOTALL) is not None
    if match.contains is not None:
        wanted = filling.text(match.contains)
        yield f"contains {wanted}", wanted in value
    if match.token is not None:
        members = {lower(strip(member)) for member in value.split(",")}
        yield f"lists {match.token}", lower(filling.text(match.token)) in members
    if match == Match():
        yield "present", True
