"""Which requests ask for the same kind of thing: the path with what looks like an id replaced."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_ROUTES = 2000
OTHER = "(other)"
"""Stands for all routes beyond MAX_ROUTES: a site of a million words in its paths must not fill the memory."""
_LONGEST = 120
_ID = re.compile(
    r"""[0-9]+
    |[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}
    |(?=[^0-9]*[0-9])[0-9a-fA-F]{8,}
    |(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_=-]{16,}
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=4096)
def route_of(target: str) -> str:
    """`/items/17?page=2` is `/items/{}`: numbers, uuids, long tokens with a digit are ids."""
    path = target.partition("?")[0].partition("#")[0]
    segments = ["{}" if _ID.fullmatch(segment) else segment for segment in path.split("/")]
    return "/".join(segments)[:_LONGEST]
