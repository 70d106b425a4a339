"""Compares contents that are the same but for a few JSON scalars as those of the same route were: without parsing them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from samewire.compare.bodies import compare_bodies
from samewire.compare.delta import Delta
from samewire.compare.json_values import same_meaning
from samewire.compare.shown import first_difference
from samewire.compare.views import View

_MOST_HOLES = 8
_LONGEST = 64 * 1024
"""Bytes of a content whose mold is kept."""
_STRING = re.compile(rb'"[ !#-\[\]-~]*+"')
"""ASCII without escapes: nothing ends before its end, and it says what it spells."""
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![-+.0-9eE])")


class _Hole(NamedTuple):
    """Where a scalar stands that differs."""

    place: str
    secret: bool
    lexeme: re.Pattern[bytes]


class _Mold(NamedTuple):
    """JSON with holes: another scalar of the same kind in a hole changes nothing of where things stand."""

    kinds: tuple[str, str]
    """The media types, which decide how contents are compared."""
    literals: tuple[bytes, ...]
    """What stands before, between and after the holes."""
    holes: tuple[_Hole, ...]

    def deltas(self, old: View, new: View) -> tuple[Delta, ...] | None:
        """What differs; None when one of them is not of this mold."""
        if (old.media_type, new.media_type) != self.kinds:
            return None
        mine = self._lexemes(old.content)
        theirs = self._lexemes(new.content) if mine is not None else None
        if mine is None or theirs is None:
            return None
        return tuple(_differing(self.holes, mine, theirs))

    def _lexemes(self, content: bytes) -> list[str] | None:
        at, found = 0, []
        for literal, hole in zip(self.literals, self.holes, strict=False):
            if not content.startswith(literal, at):
                return None
            lexeme = hole.lexeme.match(content, at + len(literal))
            if lexeme is None:
                return None
            found.append(lexeme[0].decode())
            at = lexeme.end()
        return found if content[at:] == self.literals[-1] else None


class Molded:
    """Of one route: remembers the mold of the last contents that had one."""

    __slots__ = ("_mold",)

    def __init__(self) -> None:
        self._mold: _Mold | None = None

    def compare(self, old: View, new: View) -> tuple[Delta, ...]:
        """What `compare_bodies` finds."""
        found = self._mold.deltas(old, new) if self._mold else None
        if not found:
            found = compare_bodies(old, new)
            self._mold = _mold(old, new, found) or self._mold
        return found


def _differing(holes: Sequence[_Hole], old: Sequence[str], new: Sequence[str]) -> Iterator[Delta]:
    for hole, mine, theirs in zip(holes, old, new, strict=True):
        if mine != theirs:
            variant = hole.lexeme is _NUMBER and same_meaning(mine, theirs)
            yield Delta(hole.place, (mine,), (theirs,), variant=variant, json=True, secret=hole.secret)


def _mold(old: View, new: View, found: Sequence[Delta]) -> _Mold | None:
    """Of contents in which nothing else differs than these; None when a difference is no plain scalar for another."""
    if len(found) > _MOST_HOLES or len(old.content) > _LONGEST:
        return None
    literals, holes = [], []
    mine, theirs = old.content, new.content
    for delta in found:
        hole = _hole(delta)
        at = first_difference(mine, theirs)
        if hole is None:
            return None
        start = _start(mine, at, hole)
        if not all(side[start:].startswith(_lexeme(one)) for side, one in ((mine, delta.old), (theirs, delta.new))):
            return None
        literals.append(mine[:start])
        holes.append(hole)
        mine, theirs = mine[start + len(_lexeme(delta.old)) :], theirs[start + len(_lexeme(delta.new)) :]
    return _Mold((old.media_type, new.media_type), (*literals, mine), tuple(holes)) if mine == theirs else None


def _hole(delta: Delta) -> _Hole | None:
    if not delta.json or not delta.place.startswith("body.json:") or len(delta.old) != 1 or len(delta.new) != 1:
        return None
    for lexeme in (_STRING, _NUMBER):
        if lexeme.fullmatch(_lexeme(delta.old)) and lexeme.fullmatch(_lexeme(delta.new)):
            return _Hole(delta.place, delta.secret, lexeme)
    return None


def _start(content: bytes, at: int, hole: _Hole) -> int:
    """Where the scalar around an offset begins."""
    if hole.lexeme is _STRING:
        return content.rfind(b'"', 0, at)
    while content[at - 1 : at] in _NUMERIC:
        at -= 1
    return at


def _lexeme(values: Sequence[str]) -> bytes:
    return values[0].encode("utf-8", "surrogatepass")


_NUMERIC = (b"+", b"-", b".", b"e", b"E", *(b"%d" % digit for digit in range(10)))
