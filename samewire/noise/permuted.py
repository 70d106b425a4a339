"""The same members in varying order: of lists in fields, of field lines, of lines of text, of JSON arrays, of events."""

from __future__ import annotations

from collections import Counter as Multiset
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from samewire.ascii import is_digits, strip, whole_number
from samewire.compare import decode, json_tokens
from samewire.compare.json_tokens import Array, Node, Object
from samewire.exchange import Answer
from samewire.noise.seen import Seen
from samewire.wire.sse import parse

_MEMBER = {"list": ",", "lines": "\n"}


class Permuted(NamedTuple):
    """The members of a text, cut one way, are the same on both sides."""

    cut: str
    """`list`: at commas and line ends; `lines`: at line ends."""

    @property
    def kind(self) -> str:
        return "permuted"

    def admits(self, old: Seen, new: Seen) -> bool:
        return old.quoted == new.quoted and _members(old.text, self.cut) == _members(new.text, self.cut)

    def merged(self, other: Permuted) -> Permuted | None:
        return self if self == other else None


def fit_permuted(samples: Sequence[Seen]) -> Permuted | None:
    """Samples with the same members."""
    for cut in ("lines", "list"):
        first, *others = (_members(sample.text, cut) for sample in samples)
        if first.total() > 1 and all(other == first for other in others):
            return Permuted(cut)
    return None


def permuted_array(pointer: str, old: Answer | None, new: Answer | None) -> bool:
    """Whether both contents have an array at the JSON Pointer, with the same items whatever their order."""
    if old is None or new is None:
        return False
    return _same_items(pointer, decode(old), decode(new))


def permuted_events(old: Answer | None, new: Answer | None) -> bool:
    """Whether both contents have the same server-sent events, whatever their order; ids may move with them or stay."""
    if old is None or new is None:
        return False
    return _same_events(decode(old), decode(new))


def arrays_above(pointer: str) -> list[str]:
    """The pointers of what may be arrays on the way to a place, the outermost first."""
    steps = pointer.split("/")
    return ["/".join(steps[:at]) for at, step in enumerate(steps) if at and is_digits(step)]


def _members(text: str, cut: str) -> Multiset[str]:
    lines = text.split("\n")
    return Multiset(strip(part) for line in lines for part in (line.split(",") if cut == "list" else (line,)))


@lru_cache(maxsize=256)
def _same_items(pointer: str, old: bytes, new: bytes) -> bool:
    """Remembered: it is asked for each of the places that differ in one array."""
    mine, theirs = _array(old, pointer), _array(new, pointer)
    return mine is not None and mine == theirs


class _Events(NamedTuple):
    """What does not change with the order."""

    said: Multiset[tuple[str, str, int | None]]
    ids: tuple[str | None, ...]


@lru_cache(maxsize=256)
def _same_events(old: bytes, new: bytes) -> bool:
    mine = _events(old)
    return len(mine.ids) > 1 and mine == _events(new)


def _events(content: bytes) -> _Events:
    found = [event for event in parse(content) if event.dispatched]
    ids = sorted((event.id for event in found), key=lambda one: one or "")
    return _Events(Multiset((event.event, event.data, event.retry) for event in found), tuple(ids))


def _array(content: bytes, pointer: str) -> Multiset[str] | None:
    tree = _document(content)
    for step in pointer.split("/")[1:]:
        tree = _child(tree, step.replace("~1", "/").replace("~0", "~"))
    return Multiset(map(json_tokens.render, tree.items)) if isinstance(tree, Array) else None


@lru_cache(maxsize=8)
def _document(content: bytes) -> Node | None:
    try:
        return json_tokens.parse(content.decode())
    except UnicodeDecodeError:
        return None


def _child(node: Node | None, step: str) -> Node | None:
    match node:
        case Array(items) if is_digits(step) and len(step) < 10 and whole_number(step) < len(items):
            return items[whole_number(step)]
        case Object(members):
            return next((member for key, member in members if key == step), None)
    return None
