"""Finds the one scalar in which two JSON texts differ, when it is one and plain: an id, a time, a count. At C speed."""

from __future__ import annotations

import re
from typing import Any

import orjson

from samewire.ascii import whole_number
from samewire.compare.json_scalars import DEEPEST, Scalars
from samewire.compare.redact import is_secret
from samewire.compare.shown import first_difference

_PLAIN = re.compile(r'[^"\\{}\[\],:\x00-\x20]*')
"""No end of a token lies in it."""
_CONTAINERS = (dict, list)
_NUMERIC = "+-.0123456789eE"
_FAR_NAME = re.compile(r'"[ \t\r\n]+:')


def one_scalar(old: str, new: str) -> Scalars | None:
    """The only difference of two JSON texts; None when there is more, or it takes their lexemes to tell.

    All bytes outside the difference are the same on both sides, so that no order and no spelling hides there.
    """
    start = first_difference(old, new)
    end = first_difference(old[start:][::-1], new[start:][::-1])
    mine, theirs = old[start : len(old) - end], new[start : len(new) - end]
    if not (_PLAIN.fullmatch(mine) and _PLAIN.fullmatch(theirs)):
        return None
    try:
        trees = orjson.loads(old), orjson.loads(new)
        if not _as_written(old, trees[0]) and (_FAR_NAME.search(old) or _names(trees[0]) != old.count('":')):
            return None
    except (ValueError, RecursionError):
        return None
    found = _descend(*trees)
    if found is None:
        return None
    pointer, secret, left, right = found
    before, after = _lexeme(old, start, left), _lexeme(new, start, right)
    return None if before is None or after is None else Scalars(pointer, before, after, secret)


def _as_written(text: str, tree: Any) -> bool:
    """Whether it is not deep, and what is written of its tree is the text again: then no name repeats."""
    return text.count("{") + text.count("[") <= DEEPEST and orjson.dumps(tree).decode() == text


def _names(value: Any) -> int:
    """How many members all its objects have: as many as the text has names, unless one repeats. RecursionError if deep."""
    found, level = 0, [value]
    for _ in range(DEEPEST):
        objects = [item for item in level if type(item) is dict]
        found += sum(map(len, objects))
        level = [
            *(item for one in objects for item in one.values() if type(item) in _CONTAINERS),
            *(item for one in level if type(one) is list for item in one if type(item) in _CONTAINERS),
        ]
        if not level:
            return found
    raise RecursionError


def _descend(old: Any, new: Any) -> tuple[str, bool, Any, Any] | None:
    """The pointer of the one place where two trees differ, whether it is secret, and both values."""
    pointer, secret = "", False
    while type(old) is type(new) and type(old) in (dict, list) and len(old) == len(new):
        if type(old) is dict:
            if old.keys() != new.keys():
                return None
            places = [key for key, value in old.items() if value != new[key]]
        else:
            places = [str(at) for at, value in enumerate(old) if value != new[at]]
        if len(places) != 1:
            return None
        (place,) = places
        if type(old) is list:
            if place == "1" and isinstance(old[0], str):
                return None
            old, new = old[whole_number(place)], new[whole_number(place)]
        else:
            secret = secret or is_secret(place)
            old, new = old[place], new[place]
        pointer += "/" + place.replace("~", "~0").replace("/", "~1")
    return pointer, secret, old, new


def _lexeme(text: str, at: int, value: Any) -> str | None:
    """How a value that stands around an offset is written; None when it is not written plainly."""
    if type(value) is str:
        start, end = text.rfind('"', 0, at), text.find('"', at)
        found = text[start : end + 1]
        return found if found == f'"{value}"' else None
    if type(value) not in (int, float):
        return None
    start = end = at
    while text[start - 1] in _NUMERIC:
        start -= 1
    while text[end] in _NUMERIC:
        end += 1
    found = text[start:end]
    try:
        return found if found and orjson.loads(found) == value else None
    except ValueError:
        return None
