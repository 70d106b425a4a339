"""Which requests ask for the same kind of thing."""

from __future__ import annotations

import re

_ID = re.compile(r"[0-9]+|(?=[^0-9]*[0-9])[0-9a-fA-F-]{8,}|\$\{.*\}.*")


def route(target: str) -> str:
    """`/items/17?page=2` is `/items/{}`."""
    path = target.partition("?")[0]
    return "/".join("{}" if _ID.fullmatch(segment) else segment for segment in path.split("/"))[:120]
