"""Compares two JSON documents, naming each difference by its JSON Pointer (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from samewire.compare.delta import Delta, Values
from samewire.compare.json_one import one_scalar
from samewire.compare.json_scalars import Scalars, differing_scalars
from samewire.compare.json_spelling import spelling
from samewire.compare.json_tokens import Array, Node, Object, Scalar, parse, render, string
from samewire.compare.redact import is_secret


def compare_json(place: str, old: str, new: str) -> tuple[Delta, ...] | None:
    """Differences at `PLACE.json:/pointer` and, in the order of members, at `PLACE.json-order:/pointer`.

    None when one of the two texts is not JSON. How they are written is at `PLACE.raw`. A member that repeats a name is
    `/name#2`.
    """
    one = one_scalar(old, new)
    if one is not None:
        return (_scalar(place, one),)
    scalars = differing_scalars(old, new)
    if scalars is not None:
        return (*(_scalar(place, found) for found in scalars), *_spelling(place, old, new))
    trees = parse(old), parse(new)
    if trees[0] is None or trees[1] is None:
        return None
    return (*_nodes(_Spot(place, "", False), trees[0], trees[1]), *_spelling(place, old, new))


def _spelling(place: str, old: str, new: str) -> Iterator[Delta]:
    """Apart from the values: they may be noise, and how a text is written is none."""
    found = spelling(old, new)
    if found is not None:
        yield Delta(f"{place}.raw", found[:1], found[1:])


def _scalar(place: str, found: Scalars) -> Delta:
    variant = same_meaning(found.old, found.new)
    where = f"{place}.json:{found.pointer}"
    return Delta(where, (found.old,), (found.new,), variant=variant, json=True, secret=found.secret)


class _Spot(NamedTuple):
    place: str
    pointer: str
    secret: bool

    def into(self, key: str, secret: bool = False) -> _Spot:
        escaped = key.replace("~", "~0").replace("/", "~1")
        return self._replace(pointer=f"{self.pointer}/{escaped}", secret=self.secret or secret)

    def delta(self, old: Node | None, new: Node | None, *, variant: bool = False) -> Delta:
        place = f"{self.place}.json:{self.pointer}"
        return Delta(place, _values(old), _values(new), variant=variant, json=True, secret=self.secret)


def _nodes(spot: _Spot, old: Node, new: Node) -> Iterator[Delta]:
    match old, new:
        case Object(), Object():
            yield from _objects(spot, old, new)
        case Array(), Array():
            yield from _arrays(spot, old, new)
        case Scalar(), Scalar():
            if old != new:
                yield spot.delta(old, new, variant=same_meaning(old.lexeme, new.lexeme))
        case _:
            yield spot.delta(old, new)


def _objects(spot: _Spot, old: Object, new: Object) -> Iterator[Delta]:
    mine, theirs = _by_key(old), _by_key(new)
    for key in mine | theirs:
        sides = mine.get(key, []), theirs.get(key, [])
        yield from _members(spot.into(key, is_secret(key)), *sides)
    orders = [[key for key, _ in side.members if key in mine and key in theirs] for side in (old, new)]
    if orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1]):
        yield Delta(f"{spot.place}.json-order:{spot.pointer}", tuple(orders[0]), tuple(orders[1]))


def _members(spot: _Spot, old: Sequence[Node], new: Sequence[Node]) -> Iterator[Delta]:
    for index in range(max(len(old), len(new))):
        here = spot if index == 0 else spot._replace(pointer=f"{spot.pointer}#{index + 1}")
        yield from _either(here, old, new, index)


def _arrays(spot: _Spot, old: Array, new: Array) -> Iterator[Delta]:
    secret = _is_secret_pair(old) or _is_secret_pair(new)
    for index in range(max(len(old.items), len(new.items))):
        yield from _either(spot.into(str(index), secret and index == 1), old.items, new.items, index)


def _either(spot: _Spot, old: Sequence[Node], new: Sequence[Node], index: int) -> Iterator[Delta]:
    if index < len(old) and index < len(new):
        yield from _nodes(spot, old[index], new[index])
    else:
        yield spot.delta(old[index] if index < len(old) else None, new[index] if index < len(new) else None)


def _by_key(node: Object) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for key, member in node.members:
        found.setdefault(key, []).append(member)
    return found


def _is_secret_pair(node: Array) -> bool:
    """Whether it is a field as servers that echo fields write it: `["cookie", "a=1"]`."""
    match node.items:
        case (Scalar(lexeme), Scalar()) if lexeme.startswith('"'):
            return is_secret(string(lexeme))
    return False


def same_meaning(old: str, new: str) -> bool:
    """Whether two lexemes say the same: `1` and `1.0`, an escape and what it stands for."""
    if old.startswith('"') and new.startswith('"'):
        return string(old) == string(new)
    try:
        return Decimal(old) == Decimal(new)
    except ArithmeticError:
        return False


def _values(node: Node | None) -> Values:
    return () if node is None else (render(node),)
