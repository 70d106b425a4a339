"""How values are shown in a report: bounded, printable, and with the place where two of them part in view."""

from __future__ import annotations

from hashlib import sha256

LIMIT = 300
"""Characters in one excerpt, at the most."""
_PLACE_LIMIT = 200
_BEFORE = 60


def bounded(text: str, limit: int = LIMIT) -> str:
    """The start of a text in at most `limit` printable characters; an empty text is `""`."""
    return _cut(printable(text[: limit + 1]), limit) or '""'


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Each text, a long one or one of several lines cut so that the first difference is in view, with its line."""
    at = first_difference(old, new)
    return _excerpt(old, at), _excerpt(new, at)


def first_difference(old: str | bytes, new: str | bytes) -> int:
    """The offset at which two texts part; the shorter one's length when it begins the longer one."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def digest(data: bytes, at: int = 0) -> str:
    """Bytes as length, digest, and the sixteen from offset `at` in hexadecimal."""
    found = data[at : at + 16].hex(" ") or "the end"
    return f"{len(data)} bytes, sha256 {sha256(data).hexdigest()[:16]}, at {at}: {found}"


def printable(text: str) -> str:
    """The text with everything escaped that a terminal or a report could not show: controls, lone surrogates."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def shown_place(text: str) -> str:
    """A place that may hold names from the wire, printable and bounded; a long one ends in a digest of its whole."""
    if len(text) <= _PLACE_LIMIT:
        return printable(text)
    whole = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{printable(text[:_PLACE_LIMIT])}…{whole}"


def _excerpt(text: str, at: int) -> str:
    if len(text) <= LIMIT and text.isprintable():
        return text or '""'
    start = text.rfind("\n", 0, at) + 1
    label = f"line {text.count(chr(10), 0, at) + 1}, column {at - start + 1}: "
    lead = printable(text[max(start, at - _BEFORE) : at])[-_BEFORE:]
    rest = printable(text[at : at + LIMIT]) or "(the end)"
    return _cut(label + lead + rest, LIMIT)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
