"""How much differences matter where a service knows better than the table of grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from samewire.compare.globs import fits, fits_place
from samewire.result import Difference, Grade


class Graded(BaseModel):
    """An entry of `samewire.toml`: differences at these places are of this grade. It excuses none of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    """A glob: `*` is any characters. Without the prefix `answer[N].` it means every answer."""
    cases: str | tuple[str, ...] = "*"
    """A glob over case ids, or several, one of which must fit."""
    grade: Grade

    def concerns(self, difference: Difference) -> bool:
        """Whether it says something of this difference."""
        globs = (self.cases,) if isinstance(self.cases, str) else self.cases
        return fits_place(self.place, difference.place) and any(fits(glob, difference.case) for glob in globs)


def regraded(differences: Iterable[Difference], entries: Sequence[Graded]) -> Iterator[Difference]:
    """All of the differences, in their order; the first entry that concerns one says its grade."""
    for difference in differences:
        entry = next((entry for entry in entries if entry.concerns(difference)), None)
        yield difference if entry is None else replace(difference, grade=entry.grade)
