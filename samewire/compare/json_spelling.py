"""How a JSON text is written, apart from what it says: the blanks between its tokens, the escapes in its names."""

from __future__ import annotations

from itertools import pairwise

from samewire.compare.json_tokens import LEXEME, string

_MARKS = frozenset("{}[],:")


def spelling(old: str, new: str) -> tuple[str, str] | None:
    """Both texts with `_` for each value, when they are written differently; None when they are written alike.

    Of texts of one structure every blank counts, and how names are escaped; of others, as of an array whose items come in
    another order, what follows colons.
    """
    mine, theirs = LEXEME.findall(old), LEXEME.findall(new)
    gaps = LEXEME.split(old), LEXEME.split(new)
    if _structure(mine) == _structure(theirs):
        alike = gaps[0] == gaps[1] and _spelt_alike(mine, theirs)
    else:
        styles = _after_colons(mine, gaps[0]), _after_colons(theirs, gaps[1])
        alike = not all(styles) or bool(styles[0] & styles[1])
    return None if alike else (_skeleton(mine, gaps[0]), _skeleton(theirs, gaps[1]))


def _structure(lexemes: list[str]) -> list[str]:
    return [lexeme if lexeme in _MARKS else "_" for lexeme in lexemes]


def _spelt_alike(old: list[str], new: list[str]) -> bool:
    """Whether names that say the same are escaped alike; what a value says is compared elsewhere."""
    names = zip(_names(old), _names(new), strict=False)
    return not any(one != other and string(one) == string(other) for one, other in names)


def _names(lexemes: list[str]) -> list[str]:
    return [lexeme for lexeme, after in pairwise(lexemes) if after == ":"]


def _after_colons(lexemes: list[str], gaps: list[str]) -> set[str]:
    return {gap for lexeme, gap in zip(lexemes, gaps[1:], strict=False) if lexeme == ":"}


def _skeleton(lexemes: list[str], gaps: list[str]) -> str:
    """The text without its values: they are no matter of spelling, and may be secret."""
    after = [*lexemes[1:], ""]
    kept = [
        lexeme if lexeme in _MARKS or following == ":" else "_"
        for lexeme, following in zip(lexemes, after, strict=True)
    ]
    return "".join(part for pair in zip(gaps, [*kept, ""], strict=True) for part in pair)
