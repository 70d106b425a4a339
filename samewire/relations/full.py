"""The full answers of a case, and the related one that is held against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from samewire.compare import decode, redact_field
from samewire.exchange import Answer
from samewire.failing import ABSENT, failure
from samewire.result import Failure

Values = tuple[str, ...]
"""The values of a field's lines, in order."""
_OK = 200
_TELLING = 4
"""Bytes: a shorter value may stand in any content."""


class Full(NamedTuple):
    """Answers of one server to the same plain GET, in their order; the related one was asked for in between.

    What they do not agree on varies of itself, so nothing is asked of it in the related answer.
    """

    answers: tuple[Answer, ...]

    @property
    def judged(self) -> bool:
        """Whether there is something to hold an answer against: each is a whole 200."""
        return bool(self.answers) and all(answer.status == _OK and answer.complete for answer in self.answers)

    @property
    def content(self) -> bytes | None:
        """Their content, its content coding kept; None when it varies."""
        first = self.answers[0].body
        return first if all(answer.body == first for answer in self.answers) else None

    def steady(self, name: str) -> Values | None:
        """The values of a field that all have alike, none or several; None when they vary."""
        first = self.answers[0].values(name)
        return first if all(answer.values(name) == first for answer in self.answers) else None

    def has(self, name: str) -> bool:
        """Whether each of them has the field, whatever its value."""
        return all(answer.values(name) for answer in self.answers)


class Related(NamedTuple):
    """An answer that is held against the full ones."""

    answer: Answer
    asked: Mapping[str, str]
    """The fields of its request that make it different, names in lower case."""
    earlier: tuple[int, ...] = ()
    """Statuses of the related answers before it in the case: what the server has shown that it can."""


def echoes(full: Full, related: Related) -> bool:
    """Whether the content tells what was asked, and so can't be that of the full answer."""
    plain, content = decode(full.answers[0]), decode(related.answer)
    values = (value.strip('"').encode("latin-1", "replace") for value in related.asked.values())
    return any(len(value) >= _TELLING and value in content and value not in plain for value in values)


def same_fields(full: Full, answer: Answer, names: tuple[str, ...], source: str) -> Iterator[Failure]:
    """Which of the fields named the answer has not as the full ones have them; one that varies must only be there."""
    for name in names:
        values, wanted = answer.values(name), full.steady(name)
        if wanted and values != wanted:
            expected = f"as in the full answer ({source}): {shown(name, wanted)}"
            yield failure(f"header.{name}", expected, shown(name, values))
        elif wanted is None and full.has(name) and not values:
            yield failure(f"header.{name}", f"present, as in the full answer ({source})", ABSENT)


def shown(name: str, values: Values) -> str:
    """The values of a field as they may be shown."""
    return ", ".join(redact_field(name, value) for value in values) or ABSENT
