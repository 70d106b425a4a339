"""Raw requests: the grammar of RFC 9112, breaches of it, pipelines, and how the bytes are delivered."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from samewire.cases.model import Delivery
from samewire.fuzz import odd
from samewire.fuzz.breaches import BREACHES, Breach
from samewire.fuzz.draft import Draft
from samewire.fuzz.drawing import Dice
from samewire.fuzz.example import Plain, Request, Turn, Wire
from samewire.fuzz.known import Known

_CONTENTS = (b"abc", b"{}1", b"a=b")
"""Of three bytes: the table of breaches counts on that."""


@st.composite
def turns(draw: DrawFn, known: Known, unsafe: bool) -> tuple[Turn, ...]:
    """One write of one to four requests, most of them with a breach or two."""
    dice = Dice(draw)
    number = dice.pick((1, 1, 1, 1, 2, 2, 3, 4))
    requests = tuple(_request(dice, known, unsafe) for _ in range(number))
    message = Wire(requests)
    return (Turn(message, delivery=_delivery(dice, len(message.data)), half_close=dice.chance(12)),)


def _request(dice: Dice, known: Known, unsafe: bool) -> Request:
    draft = _draft(dice, dice.pick(known.requests if unsafe else known.safe))
    for _ in range(dice.pick((0, 1, 1, 1, 2))):
        breach = dice.pick(BREACHES)
        if _fits(breach, draft, unsafe):
            breach.apply(dice, draft, breach.name)
    return draft.parts()


def _draft(dice: Dice, base: Plain) -> Draft:
    """The grammar: a request line, field lines, and content with either framing or none."""
    draft = Draft(base.method.encode("latin-1", "replace"), base.target.encode("latin-1", "replace"))
    draft.put(b"Host: ${host}")
    if dice.chance(30):
        name, values = dice.pick(odd.FIELDS)
        draft.put(f"{name}: {dice.pick(values)}".encode("latin-1", "replace"))
    framing = dice.number(0, 99)
    if framing < 30:
        draft.put(b"Content-Length: 3")
        draft.body = [dice.pick(_CONTENTS)]
    elif framing < 60:
        draft.put(b"Transfer-Encoding: chunked")
        draft.body = [*(b"3\r\n%b\r\n" % dice.pick(_CONTENTS) for _ in range(dice.number(0, 2))), b"0\r\n\r\n"]
    return draft


def _fits(breach: Breach, draft: Draft, unsafe: bool) -> bool:
    if breach.unsafe and not unsafe:
        return False
    return not breach.needs or ((breach.needs == "chunked") == draft.chunked and bool(draft.body))


def _delivery(dice: Dice, size: int) -> Delivery:
    match dice.number(0, 9):
        case 0 if size <= 300:
            return "byte by byte"
        case 1 | 2 if size > 1:
            return tuple(sorted({dice.number(1, size - 1) for _ in range(dice.number(1, 4))}))
        case _:
            return "at once"
