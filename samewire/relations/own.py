"""What of the differences of a derived case is its own: what the full answers show is told of the case they are from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from samewire.cases.model import Case
from samewire.compare import fits, pairing
from samewire.compare.views import Names, view
from samewire.exchange import Answered, Transcript
from samewire.relations.answers import full_steps
from samewire.result import Difference

_FROM_CONTENT = (
    "body*", "sse*", "chunk*", "header.content-length", "header.content-range", "header.etag", "header.last-modified",
    "header.content-digest", "header.repr-digest",
)  # fmt: skip
"""Places whose values follow from the content: where the full contents differ, these do, too."""


def own_differences(
    case: Case, old: Transcript, new: Transcript, found: Iterable[Difference]
) -> tuple[Difference, ...]:
    """The differences of the related answers that do not come from a difference of the full ones."""
    differences = tuple(found)
    full = tuple(_prefixes(case, old, new))
    told = {_without(full, one) for one in differences if one.place.startswith(full)} if full else set()
    differs = _contents(case, old) != _contents(case, new)
    return tuple(
        one for one in differences if not one.place.startswith(full) and not _follows(one, told, differs=differs)
    )


def _follows(difference: Difference, told: set[tuple[str, str, str]], *, differs: bool) -> bool:
    place = _bare(difference.place)
    known = (place, difference.old, difference.new) in told
    return known or (differs and any(fits(glob, place) for glob in _FROM_CONTENT))


def _without(full: tuple[str, ...], difference: Difference) -> tuple[str, str, str]:
    return _bare(difference.place), difference.old, difference.new


def _bare(place: str) -> str:
    """Without `answer[N].`."""
    return place.partition("].")[2] if place.startswith("answer[") else place


def _prefixes(case: Case, old: Transcript, new: Transcript) -> Iterator[str]:
    steps = full_steps(case)
    for pair in pairing.answers(old, new):
        side = pair.old or pair.new
        if side is not None and side.step in steps and pair.prefix:
            yield pair.prefix


def _contents(case: Case, transcript: Transcript) -> set[bytes]:
    """What the full answers contain, as it is compared."""
    steps, names = full_steps(case), Names(transcript.run, transcript.authority)
    seen = (one for one in transcript.observations if isinstance(one, Answered) and one.step in steps)
    return {view(one.answer, names).content for one in seen if one.answer is not None}
