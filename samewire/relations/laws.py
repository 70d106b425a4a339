"""The relations by their names, each a pure function from answers of one server to what is wrong among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from samewire.cases.model import Relation
from samewire.relations.codings import coded
from samewire.relations.conditional import not_modified, refused
from samewire.relations.full import Full, Related
from samewire.relations.heads import head, options
from samewire.relations.ranges import ranged
from samewire.relations.wholes import whole
from samewire.result import Failure

Law = Callable[[Full, Related], Iterator[Failure]]

LAWS: Final[dict[Relation, Law]] = {
    "head": head,
    "options": options,
    "not-modified": not_modified,
    "refused": refused,
    "range": ranged,
    "coding": coded,
    "whole": whole,
}


def held(relation: Relation, full: Full, related: Related) -> tuple[Failure, ...]:
    """What of the related answer does not go with the full ones; nothing where these are no whole 200s themselves."""
    return tuple(LAWS[relation](full, related)) if full.judged else ()
