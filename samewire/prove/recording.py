"""What passed through the proxy on one connection, and whether a fault would have changed any of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from samewire.prove.channel import Channel, Cut, Out, Tamper

_LIMIT = 8 * 1024 * 1024
"""Bytes that are kept of one connection; one with more exercises nothing, because it is not known whole."""

_WORD = re.compile(rb"[A-Za-z0-9_-]{4,}")
_WORDS = 8192


class Side(Enum):
    """Who sent it."""

    CLIENT = auto()
    SERVER = auto()


class Event(NamedTuple):
    side: Side
    what: bytes | Cut


class Recording:
    """In the order in which it came."""

    __slots__ = ("came", "last", "size", "whole")

    def __init__(self, last: bytes) -> None:
        self.last = last
        """The harness's own question at the end; see `Channel`."""
        self.came: list[Event] = []
        self.whole = True
        self.size = 0

    def add(self, side: Side, what: bytes | Cut) -> None:
        """It came from that side."""
        if isinstance(what, bytes):
            self.size += len(what)
            self.whole = self.whole and self.size <= _LIMIT
        if self.whole:
            self.came.append(Event(side, what))

    def would_change(self, tamper: Tamper) -> bool:
        """Whether a fault of that kind has anything to change here that the client could see."""
        if not self.whole:
            return False
        seen = _seen(self.came)
        if tamper.recuts:
            return any(event.side is Side.SERVER for event in seen)
        steps = list(self._through(tamper, seen))
        if tamper.holds:
            return _lags(steps)
        return flow(seen) != flow(Event(event.side, out) for event, outs in steps for out in outs)

    @property
    def echoes(self) -> float:
        """How much of the words that the client sent the server sent back, from 0 to 1."""
        sent, came = (b"".join(self._said(side)) for side in Side)
        words = set(_WORD.findall(sent[:_WORDS]))
        return sum(word in came for word in words) / max(1, len(words))

    def _said(self, side: Side) -> Iterator[bytes]:
        return (event.what for event in self.came if event.side is side and isinstance(event.what, bytes))

    def _through(self, tamper: Tamper, events: Iterable[Event]) -> Iterator[tuple[Event, list[Out]]]:
        """Each event, and what the proxy would make of it; at the end what it would still hold."""
        channel = Channel(tamper, self.last)
        for event in events:
            outs = _step(channel, event)
            yield event, outs
            if Cut.GONE in outs or Cut.RESET in outs:
                return
        for side, outs in zip(Side, channel.left(), strict=True):
            if outs:
                yield Event(side, b""), outs


def _step(channel: Channel, event: Event) -> list[Out]:
    if isinstance(event.what, Cut):
        return channel.client_ended(event.what) if event.side is Side.CLIENT else channel.server_ended(event.what)
    return channel.sent(event.what) if event.side is Side.CLIENT else channel.came(event.what)


def _seen(events: Sequence[Event]) -> Sequence[Event]:
    """Without what came after the client had left: its end is one that was waited for only if bytes came afterwards."""
    for at, (side, what) in enumerate(events):
        if side is Side.CLIENT and what is Cut.RESET:
            return events[:at]
        if side is Side.CLIENT and isinstance(what, Cut):
            later = any(event.side is Side.SERVER and isinstance(event.what, bytes) for event in events[at:])
            return events if later else events[:at]
    return events


def _lags(steps: Iterable[tuple[Event, list[Out]]]) -> bool:
    """Whether at some time less had gone to the client than had come for it."""
    came = went = 0
    for (side, what), outs in steps:
        if side is Side.SERVER and isinstance(what, bytes):
            came += len(what)
            went += sum(len(out) for out in outs if isinstance(out, bytes))
            if went < came:
                return True
    return False


def flow(events: Iterable[Event]) -> dict[Side, list[bytes | Cut]]:
    """What each side sent, without where it was cut into reads, and how it ended."""
    found: dict[Side, list[bytes | Cut]] = {side: [b""] for side in Side}
    for side, what in events:
        last = found[side][-1]
        if isinstance(what, bytes) and isinstance(last, bytes):
            found[side][-1] = last + what
        elif what:
            found[side].append(what)
    return found
