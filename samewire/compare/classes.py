"""The classes of values that a rule can ask for."""

from __future__ import annotations

import re
from collections.abc import Callable

from samewire.compare.http_date import imf_fixdate
from samewire.exchange import Answer

Test = Callable[[str, str, Answer | None], bool]
"""Of a value, the rule's argument, and the answer that the value stands in."""


def is_of_class(check: str, value: str, argument: str, answer: Answer | None) -> bool:
    """Whether the value is of the class `check`, narrowed by the argument where the class takes one."""
    return CLASSES[check](value, argument, answer)


def distance(check: str, old: str, new: str) -> float:
    """How far apart two values of one class are: seconds between dates, else the difference of numbers."""
    if check == "http-date":
        moments = imf_fixdate(old), imf_fixdate(new)
        return abs((moments[0] - moments[1]).total_seconds()) if moments[0] and moments[1] else float("inf")
    return abs(float(old) - float(new))


def _regex(pattern: str) -> Test:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value, _argument, _answer: compiled.fullmatch(value) is not None


def _own_field(value: str, name: str, answer: Answer | None) -> bool:
    return answer is not None and answer.values(name) == (value,)


def _body_length(value: str, _: str, answer: Answer | None) -> bool:
    return answer is not None and value == str(len(answer.body))


CLASSES: dict[str, Test] = {
    "http-date": lambda value, _argument, _answer: imf_fixdate(value) is not None,
    "uuid": _regex("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "hex": _regex("[0-9a-fA-F]+"),
    "integer": _regex("-?[0-9]{1,300}"),
    "number": _regex(r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?"),
    "any-token": _regex(r"[A-Za-z0-9!#$%&'*+.^_`|~/=:-]+"),
    "pattern": lambda value, pattern, _: re.fullmatch(pattern, value, re.ASCII) is not None,
    "own-field": _own_field,
    "body-length": _body_length,
    "same-length": lambda value, _argument, _answer: bool(value),
}
"""By name; what concerns both sides at once is with the rules."""
