"""A question that only makes sense after the ones before it, made to stand on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared_handlers.nlweb.words import salient

_MAX_BORROWED = 8
_MAX_SHORT = 2
_REFERS = re.compile(
    r"\b(it|its|they|them|their|theirs|this|that|these|those|there|then|he|she|him|her|his|hers|one|ones|same|former|latter|above)\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(r"(and|or|but|so|also|what about|how about)\b", re.IGNORECASE)


def decontextualized(query: str, prev: Sequence[str]) -> str:
    """`query`, followed by the words it leans on: those of the latest earlier question that has any of its own.

    A question leans on the earlier ones when it points back (it, those, ...), goes on (and ..., what about ...)
    or says no more than two words. Anything else is returned unchanged.
    """
    own = salient(query)
    if not (_REFERS.search(query) or _CONTINUES.match(query) or len(own) <= _MAX_SHORT):
        return query
    for earlier in reversed(prev):
        borrowed = [word for word in salient(earlier) if word not in own][:_MAX_BORROWED]
        if borrowed:
            return f"{query.rstrip('?.! ')} ({' '.join(borrowed)})"
    return query
