"""Which differences tell the cause, and what two examples must have in common to be of the same one."""

from __future__ import annotations

import re

from samewire.ascii import lower, whole_number
from samewire.clusters import fingerprint, general_place
from samewire.fuzz.example import Example, Kind, Plain, Wire
from samewire.replay.routes import route_of
from samewire.result import Difference, Grade

_TELLING = ("answer", "status")
"""When one of these differs, all else in the answer follows from it, and what comes later may."""
_ANSWER = re.compile(r"answer\[([0-9]+)\]\.")
_REFUSALS = frozenset(("400", "408", "411", "413", "414", "417", "426", "431", "501", "505"))
"""What a server says to a request that it does not read on its way to any resource."""
_STATUS_LINE = re.compile(r"HTTP/[0-9.]+ ([0-9]{3})\b.*|([0-9]{3})", re.ASCII | re.DOTALL)
_ORDER = (Grade.BREAKING, Grade.NOTABLE, Grade.COSMETIC)


def causes(example: Example, differences: tuple[Difference, ...]) -> dict[str, Difference]:
    """What differs, by a name for it that does not depend on the case; the most breaking last."""
    telling = [one for one in differences if general_place(one.place) in _TELLING]
    first = min((_answer(one) for one in telling), default=0)
    kept = [one for one in telling if _answer(one) == first] or differences
    ordered = sorted(kept, key=lambda one: _ORDER.index(one.grade))
    return {_name(example, one): one for one in reversed(ordered)}


def traits(example: Example) -> frozenset[str]:
    """What an example has in it: a part of this is why it differs."""
    found = set[str]()
    for turn in example.turns:
        found |= _of_wire(turn.message) if isinstance(turn.message, Wire) else _of_plain(turn.message)
        found |= {"half-close"} if turn.half_close else set()
        found |= {"delivery"} if turn.delivery != "at once" else set()
    return frozenset(found)


def name_of(example: Example) -> str:
    """The first request in short, by its method and route."""
    message = example.turns[0].message
    if isinstance(message, Plain):
        return f"{message.method} {route_of(message.target)}"
    words = [word.decode("latin-1") for word in message.data.lstrip()[:200].split(b"\n")[0].split()]
    return " ".join((words[0], route_of(words[1]))) if len(words) > 1 else "(raw)"


def _name(example: Example, difference: Difference) -> str:
    place = general_place(difference.place)
    if example.kind is Kind.WIRE and place in _TELLING:
        return f"{place}: {_outcome(difference.old)} -> {_outcome(difference.new)}"
    return fingerprint(difference)


def _answer(difference: Difference) -> int:
    """Which answer of the example it is in."""
    match = _ANSWER.match(difference.place)
    return whole_number(match[1]) if match else 0


def _outcome(shown: str) -> str:
    """Of a raw request it counts whether it was taken for one, not what its resource says."""
    match = _STATUS_LINE.fullmatch(shown)
    if match is None:
        return shown
    status = match[1] or match[2]
    return status if status in _REFUSALS else "answered"


def _of_plain(plain: Plain) -> set[str]:
    fields = {f"field {lower(name)}" for name, _ in plain.fields}
    return {f"{plain.method} {route_of(plain.target)}", *fields, *({"content"} if plain.body is not None else ())}


def _of_wire(wire: Wire) -> set[str]:
    breaches = {part.breach for request in wire.requests for part in request if part.breach}
    return breaches | ({"pipeline"} if len(wire.requests) > 1 else set())
