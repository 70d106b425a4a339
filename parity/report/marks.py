"""Two short texts cut into pieces that both have and pieces that only one has: what a reader's eye looks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\w+|\W")
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
    return (
        _joined(("".join(mine[start:stop]), tag != "equal") for tag, start, stop, _, _ in codes),
        _joined(("".join(theirs[start:stop]), tag != "equal") for tag, _, _, start, stop in codes),
    )


def _joined(found: Iterable[tuple[str, bool]]) -> tuple[Piece, ...]:
    return tuple(Piece(text, marked) for text, marked in found if text)
