"""What a class of varying values is: it is fitted to samples, and then both sides are held against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from samewire.noise.seen import Seen


class Shape(Protocol):
    """A class, narrowed to what the samples showed."""

    @property
    def kind(self) -> str:
        """As a report names it."""

    def admits(self, old: Seen, new: Seen) -> bool:
        """Whether each side is of the class, and both go together as two of its values must."""

    def merged(self, other: Self) -> Self | None:
        """One that admits what either does; None when the two have too little in common."""


Fit = Callable[[Sequence[Seen]], Shape | None]
"""Of two samples or more, in the order of asking: the shape that holds them all, or None."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Varies, and fits no class: not compared."""

    @property
    def kind(self) -> str:
        return "unclassified"

    def admits(self, old: Seen, new: Seen) -> bool:
        return True

    def merged(self, other: SetAside) -> SetAside:
        return self


def gather(shapes: Sequence[Shape], others: Sequence[Shape], limit: int = 8) -> tuple[Shape, ...]:
    """Both lists as one, alike shapes merged; what fits into no shape once the list is full is set aside."""
    found = list(shapes)
    for other in others:
        for number, shape in enumerate(found):
            one = shape.merged(other) if type(shape) is type(other) else None
            if one is not None:
                found[number] = one
                break
        else:
            found.append(other if len(found) < limit else SetAside())
    return tuple(found)
