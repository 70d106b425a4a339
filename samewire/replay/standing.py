"""Whether an answer is as it must be, at a glance: what is in doubt is for `samewire.check`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from samewire.ascii import lower
from samewire.cases.model import Match
from samewire.check import Invariant
from samewire.compare import imf_fixdate
from samewire.exchange import Answer

Glance = Callable[[Answer], bool]
"""True when an answer meets them all; False may be a doubt."""
_DATE = len("date")


def glance(invariants: Sequence[Invariant]) -> Glance:
    """Of these invariants, and Date. One that concerns some answers only, or asks for much, is always in doubt."""
    wishes = [wish for invariant in invariants if (wish := _wish(invariant)) is not None]
    if len(wishes) < len(invariants):
        return lambda answer: False
    if not wishes:
        return _dated
    return lambda answer: _dated(answer) and all(wish(answer) for wish in wishes)


def _dated(answer: Answer) -> bool:
    """Whether it has no Date, or one that is well-formed (RFC 9110 section 6.6.1)."""
    dates = [value for name, value in answer.fields if len(name) == _DATE and lower(name) == "date"]
    return not dates or (len(dates) == 1 and _is_date(dates[0]))


@lru_cache(maxsize=64)
def _is_date(value: str) -> bool:
    return imf_fixdate(value) is not None


def _wish(invariant: Invariant) -> Glance | None:
    must, name = invariant.must, lower(invariant.header)
    if invariant != Invariant(header=invariant.header, must=must):
        return None
    if must == Match(matches=must.matches) and must.matches is not None and "${" not in must.matches:
        pattern = re.compile(must.matches, re.ASCII | re.DOTALL)
        return lambda answer: (value := _only(answer, name)) is not None and pattern.fullmatch(value) is not None
    if must == Match(equals=must.equals) and must.equals is not None and "${" not in must.equals:
        return lambda answer: _only(answer, name) == must.equals
    return None


def _only(answer: Answer, name: str) -> str | None:
    """The value of the one line of that name; None without it, or with several."""
    values = [value for line, value in answer.fields if lower(line) == name]
    return values[0] if len(values) == 1 else None
