"""Lengths that follow from the content."""

from __future__ import annotations

from parity.compare import Answers, Delta
from parity.compare.delta import Values
from parity.exchange import Answer


def follows_from_content(delta: Delta, answers: Answers) -> bool:
    """A length that is right on both sides: what makes it differ is compared itself."""
    return delta.field == "content-length" and _is_length(delta.old, answers[0]) and _is_length(delta.new, answers[1])


def _is_length(values: Values, answer: Answer | None) -> bool:
    return answer is not None and bool(answer.body) and values == (str(len(answer.body)),)
