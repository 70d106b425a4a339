"""Ids and tokens: UUIDs, and strings of one alphabet and one length that no two answers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from samewire.ascii import is_digits, lower
from samewire.compare import decode
from samewire.compare.shown import first_difference
from samewire.noise.seen import Seen

UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_UUID = re.compile(UUID, re.ASCII)
_SHORTEST = 4
_SURE = 8
"""From this length on, a token may do without a digit if it mixes cases."""
_DIGITS = "[0-9]"
_ALPHABETS = (_DIGITS, "[0-9a-f]", "[0-9A-F]", "[0-9a-z]", "[0-9A-Z]", "[0-9A-Za-z_+/=-]", "[!-~]")
_AFFIX = re.compile(r"(?:.*[^0-9A-Za-z])?", re.DOTALL)


class Uuid(NamedTuple):
    """RFC 9562, of the versions and in the case that was seen."""

    versions: frozenset[str]
    upper: bool

    @property
    def kind(self) -> str:
        return "uuid"

    def admits(self, old: Seen, new: Seen) -> bool:
        return old.quoted == new.quoted and self._holds(old) and self._holds(new) and _times(old) == _times(new)

    def merged(self, other: Uuid) -> Uuid | None:
        return Uuid(self.versions | other.versions, self.upper) if self.upper == other.upper else None

    def _holds(self, side: Seen) -> bool:
        text = side.text
        return _UUID.fullmatch(text) is not None and text[14] in self.versions and _upper(text) == self.upper


class Token(NamedTuple):
    """Letters of one alphabet, so many of them, between a beginning and an end that all samples share."""

    alphabet: str
    shortest: int
    longest: int
    prefix: str
    suffix: str
    steady: bool
    """Whether each sample stood as often in its answer as the others in theirs."""

    @property
    def kind(self) -> str:
        return "token"

    def admits(self, old: Seen, new: Seen) -> bool:
        alike = old.quoted == new.quoted and self._holds(old.text) and self._holds(new.text)
        return alike and (not self.steady or _times(old) == _times(new))

    def merged(self, other: Token) -> Token | None:
        if (self.prefix, self.suffix) != (other.prefix, other.suffix):
            return None
        wider = max(self.alphabet, other.alphabet, key=_ALPHABETS.index)
        if {self.alphabet, other.alphabet} in ({"[0-9a-f]", "[0-9A-F]"}, {"[0-9a-z]", "[0-9A-Z]"}):
            wider = "[0-9A-Za-z_+/=-]"
        return Token(
            wider, min(self.shortest, other.shortest), max(self.longest, other.longest),
            self.prefix, self.suffix, self.steady and other.steady,
        )  # fmt: skip

    def _holds(self, text: str) -> bool:
        if not (text.startswith(self.prefix) and text.endswith(self.suffix)):
            return False
        middle = text[len(self.prefix) : len(text) - len(self.suffix)]
        return self.shortest <= len(middle) <= self.longest and re.fullmatch(f"{self.alphabet}*", middle) is not None


def fit_uuid(samples: Sequence[Seen]) -> Uuid | None:
    texts = [sample.text for sample in samples]
    if not all(map(_UUID.fullmatch, texts)) or len(set(map(_upper, texts))) > 1:
        return None
    return Uuid(frozenset(text[14] for text in texts), _upper(texts[0]))


def fit_token(samples: Sequence[Seen]) -> Token | None:
    """Samples that look random: long enough, without blanks, with digits or mixed cases."""
    prefix, suffix = affixes([sample.text for sample in samples])
    middles = [sample.text[len(prefix) : len(sample.text) - len(suffix)] for sample in samples]
    if not all(map(_random, middles)):
        return None
    alphabet = next((found for found in _ALPHABETS if re.fullmatch(f"{found}*", "".join(middles))), None)
    if alphabet is None:
        return None
    shortest, longest = _lengths(alphabet, [len(middle) for middle in middles])
    return Token(alphabet, shortest, longest, prefix, suffix, len(set(map(_times, samples))) == 1)


def affixes(texts: Sequence[str]) -> tuple[str, str]:
    """What all begin and end with, each up to a sign that is neither letter nor digit."""
    prefix = _beginning(texts)
    return prefix, _beginning([text[len(prefix) :][::-1] for text in texts])[::-1]


def _beginning(texts: Sequence[str]) -> str:
    """What the first and the last in order share, all share."""
    first, last = min(texts), max(texts)
    match = _AFFIX.match(first[: first_difference(first, last)])
    return match[0] if match else ""


def _lengths(alphabet: str, lengths: Sequence[int]) -> tuple[int, int]:
    """A number that is drawn loses a digit now and then; nothing may be half as long, if no sample was."""
    low, high = min(lengths), max(lengths)
    if alphabet == _DIGITS:
        low, high = min(low, high - 3), high + 1
    elif low < high:
        low, high = low - (high - low), high + (high - low)
    return min(*lengths, max(low, max(lengths) // 2 + 1)), high


def _random(text: str) -> bool:
    if len(text) < _SHORTEST or " " in text:
        return False
    mixed = not text.islower() and not text.isupper()
    return any(is_digits(sign) for sign in text) or (mixed and len(text) >= _SURE)


def _times(side: Seen) -> int:
    """How often the text stands in its answer: an id in every event of one side is so on the other."""
    if side.answer is None or len(side.text) < _SURE:
        return 0
    fields = sum(value.count(side.text) for _, value in side.answer.fields)
    return fields + decode(side.answer).count(side.text.encode())


def _upper(text: str) -> bool:
    return text != lower(text)
