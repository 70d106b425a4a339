"""How much a difference matters to a client: one table, by place and by what happened there."""

from __future__ import annotations

from typing import NamedTuple

from samewire.compare.delta import Delta
from samewire.compare.globs import fits_place
from samewire.result import Grade

_B, _N, _C = Grade.BREAKING, Grade.NOTABLE, Grade.COSMETIC


class Row(NamedTuple):
    """The grades of one kind of place."""

    places: str
    changed: Grade
    missing: Grade
    """Only the old side has it."""
    added: Grade
    """Only the new side has it."""
    variant: Grade
    """The same meaning in different words."""


GRADES = (
    Row("reason", _N, _N, _N, _N),
    Row("chunk-extensions", _C, _C, _C, _C),
    Row("*header-case.*", _C, _C, _C, _C),
    Row("*header-order", _C, _C, _C, _C),
    Row("trailer-*", _C, _C, _C, _C),
    Row("*.json-order:*", _C, _C, _C, _C),
    Row("*.form-order", _N, _N, _N, _N),
    Row("sse.comments", _C, _C, _C, _C),
    Row("*.raw", _C, _C, _C, _C),
    Row("*header.*", _B, _B, _N, _N),
    Row("trailer.*", _B, _B, _N, _N),
    Row("*", _B, _B, _B, _N),
)
"""The first row that fits decides."""

LESSER = frozenset(
    ("server", "via", "x-powered-by", "keep-alive", "age", "expires", "pragma", "alt-svc", "nel", "report-to")
)
"""Fields no client depends on: a difference in them is notable at the most."""


def grade(delta: Delta) -> Grade:
    """How much it matters; `delta.place` may have its prefix or not."""
    if delta.field in LESSER:
        return _N
    row = next(row for row in GRADES if fits_place(row.places, delta.place))
    if delta.variant:
        return row.variant
    if not delta.old or not delta.new:
        return row.added if delta.new else row.missing
    return row.changed
