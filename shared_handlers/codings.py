"""Which content coding a client wants (RFC 9110 section 12.5.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared_handlers.ascii import lower, strip
from shared_handlers.message import Headers

IDENTITY = "identity"
_MAX_ENTRIES = 50
_WEIGHT = re.compile(r"[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
_ALIASES = {"x-gzip": "gzip"}


def preferred(headers: Headers, available: Iterable[str]) -> str:
    """The best of the `available` codings, the server's favourite first, or `identity`.

    A coding is taken only when the client names it, or `*`, with a weight above zero and not below that of
    identity where it weighs that too. Identity is sent even if it is refused: a readable answer beats a 406.
    """
    lines = headers.getall("Accept-Encoding", None)
    if lines is None:
        return IDENTITY
    weights = _weights(",".join(lines))
    best, best_weight = IDENTITY, weights.get(IDENTITY, 0.0)
    for coding in available:
        weight = weights.get(coding, weights.get("*", 0.0))
        if weight > best_weight or (weight == best_weight > 0 and best == IDENTITY):
            best, best_weight = coding, weight
    return best


def _weights(text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for entry in text.split(",", _MAX_ENTRIES)[:_MAX_ENTRIES]:
        name, _, weight = entry.partition(";")
        name = lower(strip(name))
        weights[_ALIASES.get(name, name)] = _weight(strip(weight))
    return weights


def _weight(text: str) -> float:
    """1 without a weight; 0, so that the entry is not used, when it is malformed."""
    if not text:
        return 1.0
    match = _WEIGHT.fullmatch(text)
    return float(match[1]) if match else 0.0
