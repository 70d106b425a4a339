"""What looks like an id, and a text as the tokens that may be ids and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_TOKEN = re.compile(r"([A-Za-z0-9_-]+)")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?=[^0-9]*[0-9])[0-9a-fA-F]{8,}")
_WORDLESS = re.compile(
    r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_-]{8,}|(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])[A-Za-z_-]{16,}"
)
_NAMED = re.compile(
    r"(?:.*[^a-z])?(?:id|ids|uuid|guid|key|token|nonce|ref|reference|number|no|cursor|session|sid|etag|csrf\w*"
    r"|location|link|href|url|uri|self|next|prev|previous|first|last)",
    re.ASCII | re.IGNORECASE,
)
_CAMEL = re.compile(r".*[a-z](?:Id|ID|Ids|Uuid|Key|Token|Ref|Number|Url|Uri|Href|Link)")
NUMBER = "number"


def form(token: str) -> str:
    """`number`, `uuid`, `hex 32`, `token 22`; empty when it does not look like an id. Two ids of a kind have one form."""
    if _NUMBER.fullmatch(token):
        return NUMBER
    if _UUID.fullmatch(token):
        return f"uuid {token[14]}"
    if _HEX.fullmatch(token):
        return f"hex {len(token)}"
    return f"token {len(token)}" if _WORDLESS.fullmatch(token) else ""


def is_named(name: str) -> bool:
    """Whether what has this name is an id, or a reference with one in it: `order_id`, `itemId`, `href`."""
    return _NAMED.fullmatch(name) is not None or _CAMEL.fullmatch(name) is not None


def split(text: str) -> list[str]:
    """Gaps and tokens in turn, a gap first and last."""
    return _TOKEN.split(text)


class Column(NamedTuple):
    """A place in which texts differ: what stands before it in all of them, and the token of each."""

    before: str
    tokens: tuple[str, ...]


def aligned(*texts: str) -> list[Column] | None:
    """The tokens in which these texts differ; None when they differ in anything else."""
    parts = [split(text) for text in texts]
    if len({len(part) for part in parts}) > 1:
        return None
    found = []
    for index, column in enumerate(zip(*parts, strict=True)):
        if len(set(column)) > 1:
            if index % 2 == 0:
                return None
            found.append(Column(parts[0][index - 1], column))
    return found


def replaced(text: str, names: Mapping[str, str]) -> str:
    """The text with these tokens in the places of those; numbers stay, as they may be anything."""
    parts = split(text)
    for index in range(1, len(parts), 2):
        name = names.get(parts[index])
        if name is not None and form(parts[index]) != NUMBER:
            parts[index] = name
    return "".join(parts)
