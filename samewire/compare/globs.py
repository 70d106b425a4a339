"""Globs over places and case ids, in which only `*` is special: places are full of brackets and question marks."""

from __future__ import annotations

import re
from functools import lru_cache


def fits(glob: str, text: str) -> bool:
    """Whether the whole of `text` is what `glob` says; `*` stands for any characters, also none."""
    return _compiled(glob).fullmatch(text) is not None


def fits_place(glob: str, place: str) -> bool:
    """Like `fits`; a glob that does not name the answer or the connection means each of them."""
    return _fits_place(glob, place) if len(place) <= _LONGEST else _fits_place.__wrapped__(glob, place)


@lru_cache(maxsize=4096)
def _fits_place(glob: str, place: str) -> bool:
    return fits(glob, place) or fits(glob, _PREFIX.sub("", place, count=1))


_LONGEST = 200
"""Characters of a place whose fitting is remembered: the same few places come again and again."""
_PREFIX = re.compile(r"(?:answer\[[0-9]+\]|on\[[^\]]*\])\.")


@lru_cache(maxsize=1024)
def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, glob.split("*"))), re.ASCII | re.DOTALL)
