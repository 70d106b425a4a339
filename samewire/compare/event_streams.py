"""Compares two streams of server-sent events, event by event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from samewire.compare.contents import compare_content
from samewire.compare.delta import Delta, differ
from samewire.wire.sse import Event, parse

_MAX_ALIGNED = 1000
"""Beyond so many events they are compared by their number alone: alignment takes quadratic time."""


def compare_events(old: bytes, new: bytes) -> tuple[Delta, ...]:
    """Differences at `sse.count`, `sse[N]`, `sse[N].data...`, `.event`, `.id`, `.retry`, `sse.comments`, `sse.rest`.

    N counts the events that an EventSource hands on, from 0, on the old side; of an event that only the new side has,
    on the new side. What is never handed on (an event cut off by the end, a lone `retry`) is at `sse.rest`.
    """
    return tuple(_streams(parse(old), parse(new)))


def _streams(old: Sequence[Event], new: Sequence[Event]) -> Iterator[Delta]:
    mine, theirs = _dispatched(old), _dispatched(new)
    yield from differ("sse.count", len(mine), len(theirs))
    for index, other in _aligned(mine, theirs):
        if index is not None and other is not None:
            yield from _events(f"sse[{index}]", mine[index], theirs[other])
        elif index is not None:
            yield Delta(f"sse[{index}]", (mine[index].data,), ())
        elif other is not None:
            yield Delta(f"sse[{other}]", (), (theirs[other].data,))
    yield from differ("sse.rest", _rest(old), _rest(new))
    yield from differ("sse.comments", _comments(old), _comments(new))


def _events(place: str, old: Event, new: Event) -> Iterator[Delta]:
    yield from differ(f"{place}.event", old.event, new.event)
    yield from differ(f"{place}.id", old.id, new.id)
    yield from differ(f"{place}.retry", old.retry, new.retry)
    yield from compare_content(f"{place}.data", old.data.encode(), new.data.encode())


def _aligned(old: Sequence[Event], new: Sequence[Event]) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of indexes; None where an event is lost or added. One lost event must not look like many changed ones."""
    if len(old) == len(new) or max(len(old), len(new)) > _MAX_ALIGNED:
        yield from _by_number(range(len(old)), range(len(new)))
        return
    matcher = SequenceMatcher(None, [event.data for event in old], [event.data for event in new], autojunk=False)
    for _, start, stop, other_start, other_stop in matcher.get_opcodes():
        yield from _by_number(range(start, stop), range(other_start, other_stop))


def _by_number(old: range, new: range) -> Iterator[tuple[int | None, int | None]]:
    for index in range(max(len(old), len(new))):
        yield (old[index] if index < len(old) else None, new[index] if index < len(new) else None)


def _dispatched(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.dispatched]


def _rest(events: Sequence[Event]) -> str:
    """Told apart field by field: what a client keeps of them is its last id and its pause."""
    return " ".join(repr(event[:4]) for event in events if not event.dispatched and event.comment is None)


def _comments(events: Sequence[Event]) -> str:
    return "\n".join(event.comment for event in events if event.comment is not None)
