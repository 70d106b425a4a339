"""Two short texts cut into pieces that both have and pieces that only one has: what a reader's eye looks for."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\w+|\W")
_CUT = "…"
_FEWEST = 0.3
"""Texts less alike than this are marked whole: scattered letters in common tell nothing."""


class Piece(NamedTuple):
    text: str
    marked: bool
    """Whether the other side does not have it there."""


def pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, by words; joined again they are the texts."""
    mine, theirs = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if matcher.ratio() < _FEWEST:
        return (Piece(old, True),), (Piece(new, True),)
    codes = matcher.get_opcodes()
    left = [Piece("".join(mine[start:stop]), tag != "equal") for tag, start, stop, _, _ in codes]
    right = [Piece("".join(theirs[start:stop]), tag != "equal") for tag, _, _, start, stop in codes]
    if old.endswith(_CUT) and new.endswith(_CUT):
        _unmark_cut(left)
        _unmark_cut(right)
    return tuple(piece for piece in left if piece.text), tuple(piece for piece in right if piece.text)


def _unmark_cut(found: list[Piece]) -> None:
    """Two texts that go on are cut where one has a letter more, which is no difference; one that is alone is kept."""
    if len(found) > 3 and found[-1] == Piece(_CUT, False):
        found[-2] = Piece(found[-2].text, False)
