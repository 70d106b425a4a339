"""Values that repeat what stands elsewhere: in another field of the answer, or in the request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote_plus

from samewire.ascii import lower, strip
from samewire.noise.seen import Seen

_SHORTEST = 4
"""Shorter values stand in a request by chance."""


class Echo(NamedTuple):
    """Each side repeats this field of its own answer."""

    field: str

    @property
    def kind(self) -> str:
        return "echo"

    def admits(self, old: Seen, new: Seen) -> bool:
        return all(side.answer is not None and side.answer.values(self.field) == (side.text,) for side in (old, new))

    def merged(self, other: Echo) -> Echo | None:
        return self if self.field == other.field else None


class Sent(NamedTuple):
    """Each side repeats the same part of what it was sent."""

    part: str

    @property
    def kind(self) -> str:
        return "echo"

    def admits(self, old: Seen, new: Seen) -> bool:
        return self.part in _parts_of(old) and self.part in _parts_of(new)

    def merged(self, other: Sent) -> Sent | None:
        return self if self.part == other.part else None


def fit_echo(samples: Sequence[Seen]) -> Echo | None:
    """Samples in contents that each are the whole value of a field of one name, in the answer that has them."""
    shared = sorted(set.intersection(*map(_fields_of, samples)))
    return Echo(shared[0]) if shared else None


def fit_sent(samples: Sequence[Seen]) -> Sent | None:
    """Samples that each stand in the same part of their request."""
    shared = sorted(set.intersection(*(_parts_of(sample) for sample in samples)))
    return Sent(shared[0]) if shared else None


def both_echo(old: Seen, new: Seen) -> bool:
    """Whether either value repeats the same field of its answer or part of its request, whatever the samples show."""
    return bool(_fields_of(old) & _fields_of(new)) or bool(_parts_of(old) & _parts_of(new))


def _fields_of(side: Seen) -> set[str]:
    """The names of the fields that a value in a content repeats; no field explains another, or none would be held."""
    if side.answer is None or not side.content or len(side.text) < _SHORTEST:
        return set()
    return {lower(name) for name, value in side.answer.fields if value == side.text}


def _parts_of(side: Seen) -> set[str]:
    """The names of the request's parts that hold the text, each with what stands around it there."""
    text = side.text
    if len(text) < _SHORTEST or not side.sent:
        return set()
    found = set()
    for name, value in _parts(side.sent):
        if text in value:
            before, _, after = value.partition(text)
            found.add(f"{name} {before[-20:]!r} {after[:20]!r}")
    return found


def _parts(sent: bytes) -> Iterator[tuple[str, str]]:
    """Target, query parameters, field values and body of the first message in these bytes."""
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    target = words[1] if len(words) > 1 else ""
    yield "target", target
    for pair in target.partition("?")[2].split("&"):
        name, _, value = pair.partition("=")
        yield f"query {name}", unquote_plus(value)
    for line in lines:
        name, _, value = line.partition(":")
        yield f"field {lower(name)}", strip(value)
    yield "body", body.decode("latin-1")
