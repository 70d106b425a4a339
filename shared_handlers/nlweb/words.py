"""What of a question is looked for: its words, and the full-text expression made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MAX_LENGTH = 64
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = """
    a about after all also am an and any are as at be because been before being but by can could d did do does doing
    don explain find for from get give had has have having he her here hers him his how i if in into is it its just
    like ll m make me mean means more most much my need no nor not of off on one ones only or other our out over please
    re s same shall she should show so some such t tell than that the their them then there these they this those to too
    under up us use used using ve very was way we were what when where which while who whose why will with would you
    your
"""
_STOP = frozenset(_STOP_WORDS.split())


def salient(text: str) -> tuple[str, ...]:
    """The distinct words that carry meaning, casefolded, in order."""
    return tuple(word for word in all_words(text) if word not in _STOP)


def all_words(text: str) -> tuple[str, ...]:
    """The distinct words, casefolded, in order."""
    return tuple(dict.fromkeys(word.casefold()[:_MAX_LENGTH] for word in _WORD.findall(text)))


def match_expression(words: Iterable[str]) -> str:
    """An FTS5 expression that any of the words fulfils; empty when there are none.

    Words are letters and digits only and stand in quotes, so nothing a user writes is read as FTS5 syntax.
    """
    return " OR ".join(f'"{word}"' for word in words)
