"""Lays two transcripts of one case side by side: which observation answers to which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from samewire.exchange import Answered, Ended, Message, Talked, Transcript

Key = tuple[int, str]
"""Step and connection."""


class Pair(NamedTuple):
    """One receive step on both sides; None where that side did not come so far."""

    prefix: str
    """`answer[N].` in a case of several answers, else empty."""
    old: Answered | None
    new: Answered | None
    awaited: bool
    """Whether it waited for a part of an answer."""
    continued: bool
    """Whether a later step reads the rest of the same answer."""


def answers(old: Transcript, new: Transcript) -> Iterator[Pair]:
    """Every receive step of either side, in the order of the steps."""
    mine, theirs = _answered(old), _answered(new)
    both = {key: _fuller(mine.get(key), theirs.get(key)) for key in mine | theirs}
    numbers = _numbers(both)
    several = len(set(numbers.values())) > 1
    for key in sorted(both):
        prefix = f"answer[{numbers[key]}]." if several else ""
        yield Pair(prefix, mine.get(key), theirs.get(key), _awaits(both[key]), _rest(key, both) is not None)


def connections(old: Transcript, new: Transcript) -> list[str]:
    """The names of all connections on which something was observed."""
    return sorted({seen.connection for side in (old, new) for seen in side.observations})


def messages(side: Transcript, connection: str) -> tuple[Message, ...]:
    """All WebSocket messages of one connection; which step heard them makes no difference."""
    return tuple(message for talk in _talks(side, connection) for message in talk.messages)


def silences(side: Transcript, connection: str) -> tuple[str, ...]:
    """Why WebSocket steps of one connection heard nothing, or not all."""
    return tuple(talk.failure for talk in _talks(side, connection) if talk.failure)


def ends(side: Transcript, connection: str) -> tuple[Ended, ...]:
    """How one connection ended, each time it was looked at."""
    return tuple(seen for seen in side.observations if isinstance(seen, Ended) and seen.connection == connection)


def _answered(side: Transcript) -> dict[Key, Answered]:
    return {(seen.step, seen.connection): seen for seen in side.observations if isinstance(seen, Answered)}


def _fuller(mine: Answered | None, theirs: Answered | None) -> Answered:
    """The one that was read whole, if one was: which side is the old one must make no difference."""
    return min((seen for seen in (mine, theirs) if seen is not None), key=_awaits)


def _awaits(seen: Answered) -> bool:
    return seen.awaited is not None


def _numbers(both: Mapping[Key, Answered]) -> dict[Key, int]:
    """Which answer of the case each step is about, from 0: one that awaits is about the answer that is read next."""
    wholes = sorted(key for key in both if _rest(key, both) is None)
    return {key: wholes.index(_rest(key, both) or key) for key in both}


def _rest(key: Key, both: Mapping[Key, Answered]) -> Key | None:
    """The step that reads the rest of the answer that this one awaited a part of."""
    if not _awaits(both[key]):
        return None
    later = (other for other in sorted(both) if other[1] == key[1] and other[0] > key[0])
    return next((other for other in later if not _awaits(both[other])), None)


def _talks(side: Transcript, connection: str) -> Iterator[Talked]:
    return (seen for seen in side.observations if isinstance(seen, Talked) and seen.connection == connection)
