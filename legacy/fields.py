"""The fields of an answer: the endpoint's own, and those that the policies add or replace."""

from __future__ import annotations

from collections.abc import Sequence

from legacy.site import Site
from shared_handlers.message import Field, Request, Response


def fields(site: Site, request: Request, response: Response) -> tuple[Sequence[Field], Sequence[Field]]:
    """The answer's own fields, with the policies' values where they have one, and the fields that policies add."""
    own = response.headers
    names = [name.lower() for name, _ in own]
    after = site.pipeline.after(request, _vary(own, names) if "vary" in names else None)
    if {name.lower() for name, _ in after}.isdisjoint(names):
        return own, after
    return _merged(own, names, after)


def _vary(own: Sequence[Field], names: Sequence[str]) -> str:
    """All the Vary lines of an answer as one."""
    return ", ".join(value for (_, value), name in zip(own, names, strict=True) if name == "vary")


def _merged(own: Sequence[Field], names: Sequence[str], after: Sequence[Field]) -> tuple[list[Field], list[Field]]:
    """A policy's value stands where the endpoint's first one stood; the endpoint's others of that name go."""
    values = {name.lower(): value for name, value in after}
    left = dict(values)
    merged: list[Field] = []
    for field, name in zip(own, names, strict=True):
        if name not in values:
            merged.append(field)
        elif name in left:
            merged.append((field[0], left.pop(name)))
    return merged, [field for field in after if field[0].lower() in left]
