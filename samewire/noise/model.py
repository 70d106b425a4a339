"""What is known of the places that vary, and whether a difference is explained by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from samewire.clusters import general_place
from samewire.compare import Answers, Delta
from samewire.compare.delta import Values
from samewire.exchange import Transcript
from samewire.noise.lengths import follows_from_content
from samewire.noise.numbers import Jitter
from samewire.noise.permuted import arrays_above, permuted_array, permuted_events
from samewire.noise.place import in_fields, stream_of
from samewire.noise.seen import seen
from samewire.noise.shape import SetAside, Shape, gather
from samewire.noise.template import UNMOVED, UNTAUGHT, Template
from samewire.result import NoisyPlace

_MOVES = 2.0
"""Seconds in which every clock moves, also one that counts seconds and answers late."""
MAX_VARIANTS = 16
"""Different values of a flaky place that are kept; with more it is set aside."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place that varied."""

    label: str
    """The case or route it was first seen in."""
    place: str
    example: tuple[str, str]
    """Two values as they may be shown."""
    shapes: tuple[Shape, ...] = ()
    """The classes of its values; one of them must admit both sides."""
    variants: frozenset[Values] = frozenset()
    """Of a flaky place: all that stood there; each side must be one of these."""
    array: bool = False
    """Whether it is a JSON array with its items in varying order, or a stream with its events; `place` is then its own."""
    sometimes: bool = False
    """Whether the place itself came and went."""
    unique: bool = False
    """Whether no two samples had the same value."""

    @property
    def kind(self) -> str:
        kinds = {kind for shape in self.shapes for kind in shape.kind.split("+")}
        kinds |= {"flaky"} if self.variants else set()
        kinds |= {"permuted"} if self.array else set()
        kinds |= {"presence"} if self.sometimes else set()
        return "unclassified" if "unclassified" in kinds else "+".join(sorted(kinds))

    @property
    def checked(self) -> bool:
        """Whether values are still held against a class."""
        return bool(self.shapes) and not self.sometimes and not self.variants and self.kind != "unclassified"

    @property
    def lasting(self) -> bool:
        """Whether it may be presumed elsewhere, too: what is not held against a class must not excuse other places."""
        return self.checked or (self.array and not self.sometimes and not self.variants)

    @property
    def unsettled(self) -> bool:
        """Whether samples that lie further apart would tell what it is."""
        return any(isinstance(shape, Jitter) and shape.may_grow for shape in self.shapes)

    def merged(self, other: Entry) -> Entry:
        variants, shapes = self.variants | other.variants, gather(self.shapes, other.shapes)
        if len(variants) > MAX_VARIANTS:
            variants, shapes = frozenset(), gather(shapes, (SetAside(),))
        return Entry(
            self.label, self.place, self.example, shapes, variants,
            self.array or other.array, self.sometimes or other.sometimes, self.unique and other.unique,
        )  # fmt: skip

    def admits(self, place: str, delta: Delta, old: Transcript, new: Transcript, answers: Answers) -> bool:
        if delta.old in self.variants and delta.new in self.variants:
            return True
        if not delta.old or not delta.new:
            return self.sometimes
        sides = seen(place, delta, delta.old, old, answers[0]), seen(place, delta, delta.new, new, answers[1])
        return any(shape.admits(*sides) for shape in self.shapes)


@dataclass(frozen=True, slots=True)
class Noise:
    """What was learnt of a server, from one case or from several. Immutable; an empty one knows what is self-evident."""

    entries: Mapping[str, Entry] = field(default_factory=lambda: MappingProxyType({}))
    """By whole place, and by the place with `*` for its numbers."""
    span: float = 0.0
    """Seconds between the samples that lay furthest apart: a clock at any other place would have moved."""

    def at(self, place: str) -> Entry | None:
        """What is known of a whole place: of itself, or of those that differ from it in their numbers alone."""
        return self.entries.get(place) or self.entries.get(general_place(place))

    @property
    def places(self) -> tuple[NoisyPlace, ...]:
        """What is known to vary, once for all places that differ in their numbers alone."""
        found: dict[str, Entry] = {}
        for place, entry in self.entries.items():
            if place == general_place(place) or not entry.lasting:
                found.setdefault(general_place(place), entry)
        return tuple(NoisyPlace(entry.label, place, entry.kind, entry.example) for place, entry in found.items())

    @property
    def unsettled(self) -> bool:
        """Whether samples that lie further apart would teach more: a figure may grow with the clock, or by chance."""
        return any(entry.unsettled for entry in self.entries.values())

    @property
    def lasting(self) -> Noise:
        """What may be presumed of other answers of the same kind."""
        return Noise(MappingProxyType({place: one for place, one in self.entries.items() if one.lasting}), self.span)

    @property
    def everywhere(self) -> Noise:
        """What may be presumed of every answer of the server: of its fields, and only what keeps to a class."""
        found = {place: entry for place, entry in self.entries.items() if entry.checked and in_fields(place)}
        return Noise(MappingProxyType(found))

    def merged(self, other: Noise) -> Noise:
        """What either knows: a value need fit only one of the classes that were seen at its place."""
        found = dict(self.entries)
        for place, entry in other.entries.items():
            found[place] = found[place].merged(entry) if place in found else entry
        return Noise(MappingProxyType(found), min(self.span, other.span))

    def tolerates(self, place: str, delta: Delta, old: Transcript, new: Transcript, answers: Answers) -> bool:
        """Whether both sides are what values at this place are known to be."""
        entry = self.at(place)
        if entry is not None and entry.admits(place, delta, old, new, answers):
            return True
        if self._in_permuted(place, answers) or follows_from_content(delta, answers, old, new):
            return True
        evident = UNTAUGHT if self.span < _MOVES else UNMOVED
        return entry is None and _is_evident(evident, place, delta, old, new, answers)

    def _in_permuted(self, place: str, answers: Answers) -> bool:
        if (stream := stream_of(place)) is not None:
            entry = self.at(stream)
            return entry is not None and entry.array and permuted_events(*answers)
        before, mark, pointer = place.partition("body.json:")
        if not mark:
            return False
        for above in arrays_above(pointer):
            entry = self.entries.get(general_place(f"{before}{mark}{above}"))
            if entry is not None and entry.array and permuted_array(above, *answers):
                return True
        return False


def _is_evident(
    evident: Template, place: str, delta: Delta, old: Transcript, new: Transcript, answers: Answers
) -> bool:
    if not delta.old or not delta.new:
        return False
    return evident.admits(
        seen(place, delta, delta.old, old, answers[0]), seen(place, delta, delta.new, new, answers[1])
    )
