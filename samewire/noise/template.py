"""Text with varying pieces: the constant ones are compared exactly, each hole is held against a class of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from samewire.noise.clock import both_now
from samewire.noise.echoes import both_echo
from samewire.noise.moments import RFC3339
from samewire.noise.seen import Seen
from samewire.noise.shape import Fit, Shape, gather
from samewire.noise.tokens import UUID, affixes

MAX_TEXT = 1024 * 1024
"""Characters: of longer texts no template is made."""
_MAX_HOLES = 1000
_PIECE = re.compile(
    rf"""(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\ [0-9]{{2}}\ [A-Z][a-z]{{2}}\ [0-9]{{4}}\ [0-9:]{{8}}\ GMT
    |{re.sub(r"[?]P<[a-z]+>", "?:", RFC3339)}
    |{UUID}
    |[0-9]+\.[0-9]+(?![0-9.])
    |[0-9A-Za-z_+/-]{{16,}}={{0,2}}
    |[0-9A-Za-z]+
    |[^0-9A-Za-z]
    """,
    re.VERBOSE | re.DOTALL,
)


class Template(NamedTuple):
    """So many pieces; those at `holes` vary, each in its class."""

    length: int
    holes: tuple[tuple[int, tuple[Shape, ...]], ...]
    clocks: bool = True
    """Whether a moment elsewhere that is now on both sides is noise, too."""

    @property
    def kind(self) -> str:
        return "+".join(sorted({shape.kind for _, shapes in self.holes for shape in shapes})) or "clock"

    def admits(self, old: Seen, new: Seen) -> bool:
        if old.quoted != new.quoted or max(len(old.text), len(new.text)) > MAX_TEXT:
            return False
        mine, theirs = pieces(old.text), pieces(new.text)
        if len(mine) != len(theirs):
            return False
        holes = dict(self.holes)
        return all(
            one == other or self._hole_admits(holes, number, len(mine), old.part(one), new.part(other))
            for number, (one, other) in enumerate(zip(mine, theirs, strict=True))
        )

    def merged(self, other: Template) -> Template | None:
        if self.length != other.length:
            return None
        holes = dict(self.holes)
        for number, shapes in other.holes:
            holes[number] = gather(holes.get(number, ()), shapes)
        return Template(self.length, tuple(sorted(holes.items())))

    def _hole_admits(self, holes: dict[int, tuple[Shape, ...]], number: int, count: int, old: Seen, new: Seen) -> bool:
        """In a text of another make-up the holes stand elsewhere: then any of their classes will do."""
        if count == self.length:
            shapes = holes.get(number, ())
        else:
            shapes = tuple(shape for found in holes.values() for shape in found)
        return any(shape.admits(old, new) for shape in shapes) or self_evident(old, new, clocks=self.clocks)


class Affixed(NamedTuple):
    """A class between a beginning and an end that all samples share: `v1-1732574859`."""

    prefix: str
    suffix: str
    middle: Shape

    @property
    def kind(self) -> str:
        return self.middle.kind

    def admits(self, old: Seen, new: Seen) -> bool:
        parts = self._middle(old), self._middle(new)
        return parts[0] is not None and parts[1] is not None and self.middle.admits(parts[0], parts[1])

    def merged(self, other: Affixed) -> Affixed | None:
        alike = self[:2] == other[:2] and type(self.middle) is type(other.middle)
        one = self.middle.merged(other.middle) if alike else None
        return self._replace(middle=one) if one is not None else None

    def _middle(self, side: Seen) -> Seen | None:
        text, ends = side.text, len(self.prefix) + len(self.suffix)
        if len(text) <= ends or not text.startswith(self.prefix) or not text.endswith(self.suffix):
            return None
        return side.part(text[len(self.prefix) : len(text) - len(self.suffix)])


def fit_template(samples: Sequence[Seen], fit_piece: Fit) -> Template | None:
    """Samples with the same make-up whose varying pieces each fit a class."""
    if max(len(sample.text) for sample in samples) > MAX_TEXT:
        return None
    cut = [pieces(sample.text) for sample in samples]
    if len({len(side) for side in cut}) > 1 or len(cut[0]) < 2:
        return None
    varying = [number for number, texts in enumerate(zip(*cut, strict=True)) if len(set(texts)) > 1]
    if len(varying) > _MAX_HOLES:
        return None
    holes = []
    for number in varying:
        shape = fit_piece([sample.part(side[number]) for sample, side in zip(samples, cut, strict=True)])
        if shape is None:
            return None
        holes.append((number, (shape,)))
    return Template(len(cut[0]), tuple(holes))


def fit_affixed(samples: Sequence[Seen], fit_middle: Fit) -> Affixed | None:
    """Samples whose middles fit a class."""
    prefix, suffix = affixes([sample.text for sample in samples])
    if not (prefix or suffix):
        return None
    middles = [sample.part(sample.text[len(prefix) : len(sample.text) - len(suffix)]) for sample in samples]
    shape = fit_middle(middles)
    return Affixed(prefix, suffix, shape) if shape else None


def pieces(text: str) -> list[str]:
    """Dates, ids, numbers, words and every other sign for itself; joined they are the text."""
    return _PIECE.findall(text)


def self_evident(old: Seen, new: Seen, *, clocks: bool) -> bool:
    """Whether the two need no sample to be known for noise: both now, or each an echo of its own request."""
    return both_echo(old, new) or (clocks and both_now(old, new))


UNTAUGHT = Template(0, ())
"""Admits texts that differ in nothing but what is self-evident."""
UNMOVED = Template(0, (), clocks=False)
"""Likewise, where time passed and no clock was seen to move."""
