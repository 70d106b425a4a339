"""Puts the run's token, the target's authority and what was kept of earlier answers into an expectation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pydantic import JsonValue

from samewire.cases.model import Case, Receive
from samewire.compare.redact import is_secret
from samewire.exchange import Answered, Transcript
from samewire.kept import kept as kept_of


class Filling(NamedTuple):
    """What `${run}` and `${host}` stand for on this target in this run, and the names that the case keeps values by."""

    run: str
    host: str
    kept: tuple[tuple[str, str], ...] = ()

    def text(self, text: str) -> str:
        """With both in their places."""
        return self._fill(text, str)

    def pattern(self, pattern: str) -> str:
        """A regular expression with both in their places, taken to the letter."""
        return self._fill(pattern, re.escape)

    def value(self, value: JsonValue) -> JsonValue:
        """A JSON value with both in the places of all its texts and names."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.value(member) for key, member in value.items()}
        return value

    def _fill(self, text: str, write: Callable[[str], str]) -> str:
        if "${" not in text:
            return text
        for name, value in (("run", self.run), ("host", self.host), *self.kept):
            text = text.replace(f"${{{name}}}", write(value))
        return text


def kept(case: Case, transcript: Transcript) -> Iterator[tuple[str, str]]:
    """The names under which the case keeps values of answers, with the values that this run showed."""
    answers = {one.step: one.answer for one in transcript.observations if isinstance(one, Answered)}
    for index, step in enumerate(case.steps):
        answer = answers.get(index)
        if isinstance(step, Receive) and answer is not None:
            for name, where in step.receive.keep.items():
                if (value := kept_of(answer, where)) is not None:
                    yield name, value


def kept_to_show(case: Case, transcript: Transcript) -> tuple[tuple[str, str], ...]:
    """The same without what is secret by its name: what a report may say of them."""
    where = {
        name: place for step in case.steps if isinstance(step, Receive) for name, place in step.receive.keep.items()
    }
    return tuple(
        (name, value) for name, value in kept(case, transcript) if not is_secret(where[name].rpartition("/")[2])
    )
