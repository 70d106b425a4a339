"""Puts the run's token and the target's authority into an expectation."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from pydantic import JsonValue


class Filling(NamedTuple):
    """What `${run}` and `${host}` stand for on this target in this run."""

    run: str
    host: str

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
        return text.replace("${run}", write(self.run)).replace("${host}", write(self.host))
