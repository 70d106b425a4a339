"""A place where two observations part, before rules and grades are applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from samewire.compare.redact import mask, redact, redact_field
from samewire.compare.shown import excerpts

Values = tuple[str, ...]
"""What stands at a place: the lines of a field, else one text; empty when nothing does."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Both sides in full, as the rules must see them."""

    place: str
    old: Values
    new: Values
    variant: bool = False
    """Whether both say the same in different words: `1` and `1.0`, `a,b` and `b, a`."""
    field: str = ""
    """The name of the field whose values these are: it says what must not be shown."""
    json: bool = False
    """Whether the values are JSON text."""
    secret: bool = False
    """Whether nothing of the values may be shown."""
    seen: tuple[str, str] | None = None
    """How the sides are shown, when not by their values."""


def differ(place: str, old: object, new: object) -> Iterator[Delta]:
    """One delta when the two values differ; None is nothing."""
    if old != new:
        yield Delta(place, _values(old), _values(new))


def inside(prefix: str, deltas: Iterable[Delta]) -> Iterator[Delta]:
    """The same deltas, as parts of something else."""
    for delta in deltas:
        yield replace(delta, place=prefix + delta.place)


def sides(delta: Delta) -> tuple[str, str]:
    """Both sides as they may be shown: bounded, printable, without secrets."""
    return excerpts(*texts(delta))


def texts(delta: Delta) -> tuple[str, str]:
    """Both sides without secrets, as long as they are."""
    return delta.seen or (_text(delta, delta.old), _text(delta, delta.new))


def _values(value: object) -> Values:
    return () if value is None else (str(value),)


def _text(delta: Delta, values: Values) -> str:
    if not values:
        return "(absent)"
    safe = tuple(_safe(delta, value) for value in values)
    return safe[0] if len(safe) == 1 else ", ".join(f'"{value}"' for value in safe)


def _safe(delta: Delta, value: str) -> str:
    if delta.secret:
        return mask(value)
    return redact_field(delta.field, value) if delta.field else redact(value)
