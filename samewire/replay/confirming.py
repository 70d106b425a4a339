"""Asks again before a difference counts: what the new server does not show again is flaky, as it is of a case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import NamedTuple

from samewire.exchange import Answer, Answered, Transcript
from samewire.result import Difference

_ROUNDS = 3
"""How often the new server is asked again about the differences of one exchange."""


class Confirmed(NamedTuple):
    """The differences of one exchange, told apart."""

    counting: tuple[Difference, ...]
    flaky: tuple[Difference, ...]


async def confirm(
    found: Sequence[Difference],
    doubtful: Collection[str],
    once_more: Callable[[], Awaitable[Transcript]],
    differing: Callable[[Transcript], set[str]],
) -> Confirmed:
    """Ask until each of the doubtful places was shown again, at most three times.

    `differing` says where an answer differs from the old server's. One that is missing, or wrong in another place than
    before, clears nothing: such a server is wrong in several ways and not right by turns.
    """
    known, waiting = {one.place for one in found}, set(doubtful)
    for _ in range(_ROUNDS):
        if not waiting:
            break
        transcript = await once_more()
        shown = differing(transcript)
        if answer_of(transcript) is None or shown - known:
            return Confirmed(tuple(found), ())
        waiting -= shown
    counting = tuple(one for one in found if one.place not in waiting)
    return Confirmed(counting, tuple(one for one in found if one.place in waiting))


def answer_of(transcript: Transcript) -> Answer | None:
    """Its first answer; None without one."""
    return next((seen.answer for seen in transcript.observations if isinstance(seen, Answered)), None)
