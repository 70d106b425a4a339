"""Compares what two servers said on a WebSocket, message by message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samewire.compare.contents import compare_content
from samewire.compare.delta import Delta, Values, differ
from samewire.compare.views import Names
from samewire.exchange import Message


def compare_messages(old: Sequence[Message], new: Sequence[Message], names: tuple[Names, Names]) -> Iterator[Delta]:
    """Differences at `messages[N].kind`, `.data...`, `.code`, `.faults`, or `messages[N]` where only one side has so many."""
    for index in range(max(len(old), len(new))):
        place = f"messages[{index}]"
        if index < len(old) and index < len(new):
            yield from _one(place, old[index], new[index], names)
        else:
            yield Delta(place, _said(old[index:], names[0]), _said(new[index:], names[1]))


def _one(place: str, old: Message, new: Message, names: tuple[Names, Names]) -> Iterator[Delta]:
    yield from differ(f"{place}.kind", old.kind, new.kind)
    yield from compare_content(f"{place}.data", names[0].data(old.data), names[1].data(new.data))
    yield from differ(f"{place}.code", old.code, new.code)
    yield from differ(f"{place}.faults", "; ".join(old.faults), "; ".join(new.faults))


def _said(rest: Sequence[Message], names: Names) -> Values:
    if not rest:
        return ()
    return (f"{rest[0].kind} {names.data(rest[0].data).decode('utf-8', 'replace')}",)
