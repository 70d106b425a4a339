"""Well-formed requests: what is known of the service, varied."""

from __future__ import annotations

import json
from typing import Any

import orjson
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from samewire.ascii import is_digits, whole_number
from samewire.exchange import Field
from samewire.fuzz import odd
from samewire.fuzz.drawing import Dice
from samewire.fuzz.example import Plain, Turn
from samewire.fuzz.known import Known

_CHUNKS = 500
"""Of one content, about: a megabyte in chunks of a byte each is seconds of work on every side, and shows nothing more."""


@st.composite
def turns(draw: DrawFn, known: Known, unsafe: bool) -> tuple[Turn, ...]:
    """One request, usually varied in one or two ways; without `unsafe`, none that asks for a change of state."""
    dice = Dice(draw)
    return (Turn(plain(dice, known, unsafe=unsafe)),)


def plain(dice: Dice, known: Known, *, unsafe: bool) -> Plain:
    """A known request, varied."""
    base = dice.pick(known.requests if unsafe else known.safe)
    method = _method(dice, base.method, unsafe)
    target = _target(dice, base.target, known)
    fields = _fields(dice, base.fields)
    body = _body(dice, base.body, method)
    if body is not None and dice.chance(20):
        return Plain(method, target, fields, body, chunks=(max(dice.pick((1, 7, 1000)), len(body) // _CHUNKS),))
    return Plain(method, target, fields, body)


def _method(dice: Dice, known: str, unsafe: bool) -> str:
    if dice.chance(75):
        return known
    return dice.pick(odd.METHODS if unsafe else odd.METHODS_SAFE)


def _target(dice: Dice, target: str, known: Known) -> str:
    path, mark, query = target.partition("?")
    if dice.chance(30):
        path = _path(dice, path)
    if dice.chance(75 if mark else 25):
        for _ in range(dice.number(1, 2)):
            query = _query(dice, query, known)
        mark = "?" if query or dice.chance(10) else ""
    return path + mark + query


def _path(dice: Dice, path: str) -> str:
    segments = path.split("/")[1:]
    at = dice.number(0, len(segments) - 1)
    match dice.number(0, 7):
        case 0:
            return path.removesuffix("/") if path.endswith("/") and path != "/" else path + "/"
        case 1:
            segments[at] = dice.pick(odd.SEGMENTS)
        case 2:
            segments.insert(at, dice.pick(odd.SEGMENTS))
        case 3:
            segments.append(dice.pick(odd.SEGMENTS))
        case 4:
            segments[at] = _encoded(dice, segments[at])
        case 5:
            segments[at] = segments[at].swapcase()
        case 6:
            del segments[at]
        case _:
            segments[at] = _neighbour(dice, segments[at])
    return "/" + "/".join(segments)


def _encoded(dice: Dice, segment: str) -> str:
    """The same by RFC 3986 section 6.2.2.2: one unreserved character percent-encoded."""
    plain = [at for at, char in enumerate(segment) if char.isascii() and char.isalnum()] if "$" not in segment else []
    if not plain:
        return segment
    at = dice.pick(plain)
    return f"{segment[:at]}%{ord(segment[at]):02{dice.pick('xX')}}{segment[at + 1 :]}"


def _neighbour(dice: Dice, segment: str) -> str:
    """Of a number, one near it; of a word, one letter more."""
    if is_digits(segment):
        return str(max(whole_number(segment[:18]) + dice.pick((-1, 1, 1000)), 0))
    return segment + dice.pick(("a", ".", "%20", ".json", "~"))


def _query(dice: Dice, query: str, known: Known) -> str:
    pairs = query.split("&") if query else []
    at = dice.number(0, len(pairs))
    match dice.number(0, 5) if pairs else 5:
        case 0:
            del pairs[min(at, len(pairs) - 1)]
        case 1:
            pairs.append(pairs[min(at, len(pairs) - 1)])
        case 2 | 3:
            chosen = min(at, len(pairs) - 1)
            pairs[chosen] = f"{pairs[chosen].partition('=')[0]}={_value(dice)}"
        case 4:
            pairs[min(at, len(pairs) - 1)] = dice.pick(odd.PARAMETER_NAMES)
        case _:
            pairs.insert(at, _pair(dice, known))
    return "&".join(pairs)


def _pair(dice: Dice, known: Known) -> str:
    if known.parameters and dice.chance(70):
        name, value = dice.pick(known.parameters)
        return f"{name}={value if dice.chance(30) else _value(dice)}"
    return f"{dice.pick(odd.PARAMETER_NAMES)}={_value(dice)}"


def _value(dice: Dice) -> str:
    return dice.pick(odd.COMMON if dice.chance(50) else odd.PARAMETERS)


def _fields(dice: Dice, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    lines = list(fields)
    if lines and dice.chance(20):
        del lines[dice.number(0, len(lines) - 1)]
    if lines and dice.chance(10):
        at = dice.number(0, len(lines) - 1)
        lines[at] = (lines[at][0].swapcase(), lines[at][1])
    for name, values in dice.some(odd.FIELDS, 2):
        lines.append((name, dice.pick(values)))
    if lines and dice.chance(5):
        lines.append(dice.pick(lines))
    return tuple(lines)


def _body(dice: Dice, body: bytes | None, method: str) -> bytes | None:
    if body is None:
        return dice.pick(odd.GARBAGE) if dice.chance(40 if method not in odd.METHODS_SAFE else 8) else None
    match dice.number(0, 9):
        case 0:
            return None
        case 1 | 2:
            return dice.pick(odd.GARBAGE)
        case 3:
            return body[: dice.number(0, max(len(body) - 1, 0))]
        case 4 | 5 | 6 | 7:
            return _mutated(dice, body)
        case _:
            return body


def _mutated(dice: Dice, body: bytes) -> bytes:
    """JSON with one value changed; else bytes with a few replaced."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body + dice.data(8)
    return json.dumps(_changed(dice, document), ensure_ascii=False, separators=(",", ":")).encode()


def _changed(dice: Dice, value: Any) -> Any:
    if isinstance(value, dict) and value and dice.chance(85):
        name = dice.pick(list(value))
        match dice.number(0, 4):
            case 0:
                return {other: member for other, member in value.items() if other != name}
            case 1:
                return {**value, dice.pick(odd.TEXTS): _scalar(dice)}
            case _:
                return {**value, name: _changed(dice, value[name])}
    if isinstance(value, list) and value and dice.chance(70):
        at = dice.number(0, len(value) - 1)
        return [*value[:at], _changed(dice, value[at]), *value[at + 1 :]]
    return _scalar(dice)


def _scalar(dice: Dice) -> Any:
    match dice.number(0, 5):
        case 0:
            return dice.pick((None, True, False, [], {}))
        case 1:
            return dice.pick(odd.NUMBERS)
        case 2:
            return dice.text()
        case _:
            return dice.pick(odd.TEXTS)
