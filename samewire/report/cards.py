"""What the page shows of each cause: the values with what parts them marked, the exchange, and what filters go by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from samewire.report.causes import Cause
from samewire.report.coverage import routes
from samewire.report.exchanges import Exchange, exchange
from samewire.report.marks import Piece, pieces

EXCHANGES = 100
"""Causes whose exchange is in the page: its size is bounded."""


class Card(NamedTuple):
    cause: Cause
    kind: str
    """The first word of the place: `header`, `body`, `status`."""
    route: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    exchange: Exchange | None


def cards(found: Sequence[Cause]) -> tuple[Card, ...]:
    """One for each cause, in their order."""
    return tuple(_card(cause, whole=number < EXCHANGES) for number, cause in enumerate(found))


def _card(cause: Cause, *, whole: bool) -> Card:
    example = cause.cluster.example
    old, new = pieces(example.old, example.new)
    return Card(
        cause,
        kind=cause.cluster.place.partition(".")[0].partition("[")[0],
        route=next(iter(routes(cause.pair)), ""),
        old=old,
        new=new,
        exchange=exchange(cause.pair, example.place) if whole else None,
    )
