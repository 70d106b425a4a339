"""Compares two contents of any kind: JSON by value, other text as text, the rest by byte."""

from __future__ import annotations

from samewire.compare.delta import Delta
from samewire.compare.json_values import compare_json
from samewire.compare.shown import digest, first_difference


def compare_content(place: str, old: bytes, new: bytes) -> tuple[Delta, ...]:
    """Differences at `PLACE`; of objects and arrays at `PLACE.json...`, or at `PLACE.raw` if only blanks differ."""
    if old == new:
        return ()
    texts = _text(old), _text(new)
    if texts[0] is not None and texts[1] is not None and _may_be_json(texts[0]) and _may_be_json(texts[1]):
        found = compare_json(place, texts[0], texts[1])
        if found is not None:
            return found or (plain_delta(f"{place}.raw", old, new),)
    return (plain_delta(place, old, new),)


def plain_delta(place: str, old: bytes, new: bytes) -> Delta:
    """The difference of two contents as texts, or as bytes when one of them is no text."""
    texts = _text(old), _text(new)
    if texts[0] is not None and texts[1] is not None:
        return Delta(place, (texts[0],), (texts[1],))
    at = first_difference(old, new)
    return Delta(place, (old.decode("latin-1"),), (new.decode("latin-1"),), seen=(digest(old, at), digest(new, at)))


def _may_be_json(text: str) -> bool:
    """Whether it begins as an object or an array: a bare `1` is a text like any other."""
    return text.lstrip(" \t\r\n")[:1] in ("{", "[")


def _text(data: bytes) -> str | None:
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None
