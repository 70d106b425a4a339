"""Makes further cases out of one that is a GET answered 200: what it asks is asked in other ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from samewire.ascii import lower
from samewire.cases.build import expect, finish
from samewire.cases.model import Case, FieldLines, Relation, Request, Send, Step
from samewire.compare import printable
from samewire.relations.asks import Ask, asks
from samewire.relations.base import Base

_KEPT = {"etag": "ETag", "modified": "Last-Modified"}
_LONGEST_TARGET = 60


def derive(base: Base, wanted: Callable[[str], bool] = lambda kind: True) -> tuple[Case, ...]:
    """The cases that the answer makes possible, of the kinds that are wanted."""
    return tuple(_case(base, ask) for ask in asks(base) if wanted(ask.suffix))


def _case(base: Base, ask: Ask) -> Case:
    """The full request, the other one, and the full one again: what these two do not agree on is not asked for."""
    steps = [
        *full(base, "full", ask.full),
        *(_related(base, ask.relation, "before", ask.after) if ask.after else ()),
        *_related(base, ask.relation, "main", ask.headers, ask.method),
        *full(base, "again", ask.full),
    ]
    return Case(
        id=f"{base.case.id}.{ask.suffix}",
        title=f"{shown_target(base)} {ask.says}",
        why=f"{ask.why}; derived from {base.case.id}",
        steps=tuple(steps),
        timeout=base.case.timeout,
    )


def full(base: Base, on: str, headers: FieldLines = ()) -> Iterator[Step]:
    """The plain GET on a connection of its own, left when it is answered."""
    yield Send(send=_request(base, "GET", headers), on=on)
    yield expect((), version=base.answer.version, keep=_KEPT, on=on)
    yield finish("close", on=on)


def shown_target(base: Base) -> str:
    return printable(base.request.target)[:_LONGEST_TARGET]


def _related(base: Base, relation: Relation, on: str, headers: FieldLines, method: str = "GET") -> Iterator[Step]:
    yield Send(send=_request(base, method, headers), on=on)
    yield expect((), version=base.answer.version, relation=relation, on=on)


def _request(base: Base, method: str, headers: FieldLines) -> Request:
    """The base's request with these fields in the place of its own of the same names."""
    named = {lower(name) for name, _ in headers}
    own = tuple(line for line in base.request.headers if lower(line[0]) not in named)
    return base.request.model_copy(update={"method": method, "headers": (*own, *headers)})
