"""Which further cases are carried out: derived from what was seen of the given ones, and not too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from pydantic import BaseModel, ConfigDict, Field

from samewire.cases.model import Case
from samewire.compare import fits
from samewire.exchange import Transcript
from samewire.relations.base import Base, base_of
from samewire.relations.clients import client_cases
from samewire.relations.derive import derive


class RelationSettings(BaseModel):
    """What is derived from cases that are a plain GET answered 200."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    which: tuple[str, ...] = ("*",)
    """Globs over the kinds: `head`, `if-*`, `range-*`."""
    except_which: tuple[str, ...] = ()
    """Globs over kinds that are left out."""
    except_cases: tuple[str, ...] = ()
    """Globs over the ids of cases that nothing is derived from."""
    except_paths: tuple[str, ...] = ()
    """Globs over their targets."""
    at_most: int = Field(default=100, gt=0)
    """So many requests, of different targets or Accept, have others derived from them; the first ones."""
    of_one_path: int = Field(default=4, gt=0)
    """So many of these have the same path and other queries."""
    streaming_repeats: int = Field(default=20, ge=8)
    """How often each server is asked for a stream that the new one seems to hold back: the kind `arrival`."""

    def wants(self, kind: str) -> bool:
        return any(fits(glob, kind) for glob in self.which) and not any(fits(glob, kind) for glob in self.except_which)

    def allows(self, base: Base) -> bool:
        return not (
            any(fits(glob, base.case.id) for glob in self.except_cases)
            or any(fits(glob, base.request.target) for glob in self.except_paths)
        )


def chosen(
    cases: Iterable[Case], seen: Mapping[str, Sequence[Transcript]], settings: RelationSettings
) -> tuple[tuple[Base, ...], ...]:
    """For each case that others are derived from its bases, one of each target that answered it with a whole 200.

    `seen` are the transcripts of each case by its id, one of each target. Pure.
    """
    if not settings.enabled:
        return ()
    limits = _Limits(settings)
    found = (tuple(base for one in seen.get(case.id, ()) if (base := base_of(case, one))) for case in cases)
    return tuple(bases for bases in found if bases and limits.take(bases[0]))


def derived(bases: Iterable[Sequence[Base]], settings: RelationSettings) -> tuple[Case, ...]:
    """The derived cases. What one target's answer makes possible is asked of all."""
    found: dict[str, Case] = {}
    for base in chain.from_iterable(bases):
        for case in (*derive(base, settings.wants), *client_cases(base, settings.wants)):
            found.setdefault(case.id, case)
    return tuple(found.values())


class _Limits:
    """Counts what others are derived from."""

    def __init__(self, settings: RelationSettings) -> None:
        self._settings = settings
        self._keys: set[tuple[str, str]] = set()
        self._paths: Counter[str] = Counter()

    def take(self, base: Base) -> bool:
        """Whether it is one more, allowed and within the limits."""
        path = base.request.target.partition("?")[0]
        full = len(self._keys) >= self._settings.at_most or self._paths[path] >= self._settings.of_one_path
        if full or base.key in self._keys or not self._settings.allows(base):
            return False
        self._keys.add(base.key)
        self._paths[path] += 1
        return True
