"""Compares two JSON documents that differ in the values of some scalars alone, without building trees: most pairs do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from samewire.compare.json_tokens import LEXEME, string
from samewire.compare.redact import is_secret

DEEPEST = 60
"""Below `json_tokens.MAX_DEPTH`: what is deeper is left to the trees."""
_STRUCTURE = frozenset("{}[],:")
_OPENING, _CLOSING = frozenset("{["), frozenset("}]")


class Scalars(NamedTuple):
    """One scalar that differs."""

    pointer: str
    old: str
    new: str
    secret: bool


def differing_scalars(old: str, new: str) -> list[Scalars] | None:
    """Each scalar in which two JSON texts differ, in their order; None when only their trees can tell.

    That is when they are not both JSON, or differ in blanks alone, or are of different structure, or when a name repeats in an object around a
    difference, or when an array around it may be a pair of a name and a secret.
    """
    mine, theirs = LEXEME.findall(old), LEXEME.findall(new)
    if len(mine) != len(theirs) or not (_is_json(old) and _is_json(new)):
        return None
    at = [index for index, (one, other) in enumerate(zip(mine, theirs, strict=True)) if one != other]
    for index in at:
        if mine[index] in _STRUCTURE or theirs[index] in _STRUCTURE or mine[index + 1 : index + 2] == [":"]:
            return None
    spots = _spots(mine, at) if at else None
    if spots is None:
        return None
    return [
        Scalars(pointer, mine[index], theirs[index], secret) for index, (pointer, secret) in zip(at, spots, strict=True)
    ]


def _is_json(text: str) -> bool:
    """Stricter than `json_tokens.parse`, where they differ at all."""
    try:
        orjson.loads(text)
    except ValueError:
        return False
    return True


def _spots(lexemes: Sequence[str], wanted: Sequence[int]) -> list[_Spot] | None:
    """Where the scalars of these numbers stand; None as for the whole."""
    if lexemes[0] not in _OPENING:
        return None
    found: list[_Spot] = []
    due = iter(wanted)
    at = next(due)
    around: list[_Open] = []
    inside = _Open("", False)
    for number, lexeme in enumerate(lexemes):
        if number == at:
            if inside.may_be_pair:
                return None
            found.append(inside.spot)
            inside.differs = inside.named = True
            at = next(due, -1)
        elif lexeme in _OPENING:
            around.append(inside)
            inside = inside.within(lexeme, len(around))
        elif lexeme in _CLOSING:
            if len(around) > DEEPEST or (inside.differs and inside.repeats):
                return None
            around[-1].differs |= inside.differs
            inside = around.pop()
        elif lexeme != ":":
            inside.take(lexeme, lexemes[number + 1])
    return found


class _Spot(NamedTuple):
    pointer: str
    secret: bool


class _Open:
    """An object or array whose members are walked, or, outermost, what the document stands in."""

    __slots__ = ("_key", "differs", "index", "named", "names", "pointer", "repeats", "secret")

    def __init__(self, pointer: str, secret: bool, names: set[str] | None = None) -> None:
        self.pointer = pointer
        self.secret = secret
        self.names = names
        """Of an object: those so far."""
        self.index = 0
        self.named = False
        """Of an array: whether a string may come first."""
        self.differs = False
        self.repeats = False
        self._key = ""

    def within(self, lexeme: str, depth: int) -> _Open:
        """What this lexeme opens here."""
        spot = self.spot if depth > 1 else _Spot("", False)
        return _Open(*spot, set() if lexeme == "{" else None)

    def take(self, lexeme: str, following: str) -> None:
        """A comma, a name, or a scalar that does not differ."""
        if lexeme == ",":
            self.index += 1
        elif self.names is None:
            self.named = self.named or (self.index == 0 and lexeme[0] == '"')
        elif following == ":":
            self._key = string(lexeme) if "\\" in lexeme else lexeme[1:-1]
            self.repeats = self.repeats or self._key in self.names
            self.names.add(self._key)

    @property
    def spot(self) -> _Spot:
        """Where the value under way stands."""
        if self.names is None:
            return _Spot(f"{self.pointer}/{self.index}", self.secret)
        escaped = self._key.replace("~", "~0").replace("/", "~1")
        return _Spot(f"{self.pointer}/{escaped}", self.secret or is_secret(self._key))

    @property
    def may_be_pair(self) -> bool:
        """Whether the value under way may be a secret whose name comes before it: `["cookie", "a=1"]`."""
        return self.names is None and self.index == 1 and self.named
