"""Rules for noise: where values may differ between two servers, and what each of them must be all the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from samewire.ascii import strip
from samewire.compare.classes import distance, is_of_class
from samewire.compare.delta import Delta, Values
from samewire.compare.globs import fits, fits_place
from samewire.compare.json_tokens import string
from samewire.exchange import Answer

Answers = tuple[Answer | None, Answer | None]
"""The answers that a delta is about, old and new; None where it is about no answer."""

Check = Literal[
    "http-date",
    "uuid",
    "hex",
    "integer",
    "number",
    "any-token",
    "pattern",
    "own-field",
    "body-length",
    "same-length",
    "any-order",
]


def _regex(text: str) -> str:
    try:
        re.compile(text, re.ASCII)
    except (re.error, ValueError) as error:  # ValueError: flags that ASCII excludes
        raise ValueError(f"not a regular expression: {error}") from None
    return text


Regex = Annotated[str, AfterValidator(_regex)]


class Rule(BaseModel):
    """At these places, values may differ as long as each of them passes the check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    """A glob: `*` is any characters. Without the prefix `answer[N].` it means every answer."""
    check: Check
    cases: str = "*"
    """A glob over case ids."""
    pattern: Regex | None = None
    """Of `pattern`: a regular expression for the whole value."""
    field: str | None = None
    """Of `own-field`: the field of the same answer that the value must equal."""
    within: float | None = None
    """Of dates (in seconds) and numbers: how far apart the two may be."""
    paired: bool = False
    """Whether, in one case, each old value goes with one new value only: an id that is the same in all events of one
    side must be the same in all events of the other."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for option, checks in _OPTIONS.items():
            given = getattr(self, option) is not None
            if given and self.check not in checks:
                raise ValueError(
                    f"`{option}` has no meaning with check {self.check!r}; it goes with {' or '.join(checks)}"
                )
            if not given and self.check in checks and option != "within":
                raise ValueError(f"check {self.check!r} needs `{option}`")
        if self.paired and self.check == "any-order":
            raise ValueError("`paired` has no meaning with check 'any-order'")
        return self


_OPTIONS = {"pattern": ("pattern",), "field": ("own-field",), "within": ("http-date", "integer", "number")}


class Excuses:
    """The rules at work on one case: what they excuse, and which values went with which."""

    def __init__(self, rules: Sequence[Rule], case: str) -> None:
        self._rules = [rule for rule in rules if fits(rule.cases, case)]
        self._partners: dict[tuple[int, str, str], str] = {}

    def excuse(self, place: str, delta: Delta, answers: Answers) -> bool:
        """Whether some rule allows this difference; `place` is the whole place, with its prefix."""
        return any(
            fits_place(rule.place, place) and _allows(rule, delta, answers) and self._goes_together(number, rule, delta)
            for number, rule in enumerate(self._rules)
        )

    def _goes_together(self, number: int, rule: Rule, delta: Delta) -> bool:
        if not rule.paired:
            return True
        pairs = list(zip(_plain(delta, delta.old), _plain(delta, delta.new), strict=True))
        return all(
            self._partners.setdefault((number, "old", old), new) == new
            and self._partners.setdefault((number, "new", new), old) == old
            for old, new in pairs
        )


def _allows(rule: Rule, delta: Delta, answers: Answers) -> bool:
    """Both sides must be there, of one JSON type, in one number, and pass; an absent value is never excused."""
    if not delta.old or not delta.new:
        return False
    if rule.check == "any-order":
        return _members(delta.old) == _members(delta.new)
    if len(delta.old) != len(delta.new) or not _same_type(delta):
        return False
    pairs = zip(_plain(delta, delta.old), _plain(delta, delta.new), strict=True)
    return all(
        _passes(rule, old, answers[0]) and _passes(rule, new, answers[1]) and _near(rule, old, new)
        for old, new in pairs
    )


def _passes(rule: Rule, value: str, answer: Answer | None) -> bool:
    return is_of_class(rule.check, value, rule.pattern or rule.field or "", answer)


def _near(rule: Rule, old: str, new: str) -> bool:
    if rule.check == "same-length":
        return len(old) == len(new)
    return rule.within is None or distance(rule.check, old, new) <= rule.within


def _members(values: Values) -> list[str]:
    return sorted(strip(member) for value in values for member in value.split(","))


def _same_type(delta: Delta) -> bool:
    """A number in a string is no number."""
    return not delta.json or delta.old[0].startswith('"') == delta.new[0].startswith('"')


def _plain(delta: Delta, values: Values) -> Values:
    return tuple(string(value) if delta.json and value.startswith('"') else value for value in values)
