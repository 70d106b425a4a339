"""Sequences of well-formed requests whose later ones use what earlier answers said, each side's own."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from samewire.fuzz import semantic
from samewire.fuzz.drawing import Dice
from samewire.fuzz.example import Plain, Turn
from samewire.fuzz.known import Known

_FIELDS = {"etag": "ETag", "modified": "Last-Modified", "location": "Location", "cookie": "Set-Cookie"}
_USES = (
    ("If-None-Match", "etag"),
    ("If-Match", "etag"),
    ("If-Range", "etag"),
    ("If-Modified-Since", "modified"),
    ("If-Unmodified-Since", "modified"),
    ("Cookie", "cookie"),
)
_ID = re.compile(r"[0-9]+|[0-9a-f]{8,}(?:-[0-9a-f]{4,})*|[A-Za-z0-9_-]{16,}")


@st.composite
def turns(draw: DrawFn, known: Known, unsafe: bool) -> tuple[Turn, ...]:
    """Two to six requests, about the same resources more often than not, on one connection or on several."""
    dice = Dice(draw)
    spread = dice.chance(30)
    found: list[Turn] = []
    for number in range(dice.pick((2, 2, 3, 3, 4, 5, 6))):
        request = _next(dice, found, known, unsafe)
        on = dice.pick(("main", "other")) if spread else "main"
        found.append(Turn(request, on, keep=_keep(dice, number, known)))
    return tuple(turn._replace(keep=_used(turn, found)) for turn in found)


def _next(dice: Dice, before: list[Turn], known: Known, unsafe: bool) -> Plain:
    """A known or varied request; after others, one that has to do with one of them."""
    if not before or dice.chance(25):
        return _fresh(dice, known, unsafe)
    number = dice.number(0, len(before) - 1)
    earlier = before[number].message
    if not isinstance(earlier, Plain):
        return _fresh(dice, known, unsafe)
    match dice.number(0, 5):
        case 0 if unsafe:
            return Plain("DELETE", _about(dice, earlier.target, number))
        case 1:
            return Plain("GET", f"${{location{number}}}")
        case 2:
            return Plain(dice.pick(("GET", "HEAD")), _about(dice, earlier.target, number))
        case 3 if unsafe:
            return earlier
        case _:
            field, name = dice.pick(_USES)
            extra = (("Range", "bytes=0-1"),) if field == "If-Range" else ()
            return Plain("GET", earlier.target, ((field, f"${{{name}{number}}}"), *extra))


def _fresh(dice: Dice, known: Known, unsafe: bool) -> Plain:
    if dice.chance(30):
        return semantic.plain(dice, known, unsafe=unsafe)
    return dice.pick(known.requests if unsafe else known.safe)


def _about(dice: Dice, target: str, number: int) -> str:
    """The same resource, or with the id that the earlier answer gave in its place or after it."""
    path = target.partition("?")[0]
    if dice.chance(40):
        return target
    segments = path.rstrip("/").split("/")
    name = f"${{id{number}}}"
    if _ID.fullmatch(segments[-1]):
        return "/".join((*segments[:-1], name))
    return "/".join((*segments, name))


def _keep(dice: Dice, number: int, known: Known) -> tuple[tuple[str, str], ...]:
    fields = tuple((f"{name}{number}", field) for name, field in _FIELDS.items())
    return (*fields, (f"id{number}", dice.pick(known.pointers)))


def _used(turn: Turn, turns: list[Turn]) -> tuple[tuple[str, str], ...]:
    """Of the names that a turn may keep, those that stand in some request."""
    text = repr([other.message for other in turns])
    return tuple((name, where) for name, where in turn.keep if f"${{{name}}}" in text)
