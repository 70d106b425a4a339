"""Clients of a stream that do not read it to its end at once: one that leaves, and what others then find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from samewire.cases.build import awaits, expect, finish, pauses
from samewire.cases.model import Case, Send, Step
from samewire.compare import media_type
from samewire.relations.base import Base
from samewire.relations.derive import full, shown_target

_AFTERWARDS = "A server outlives its clients: whoever leaves a stream early takes nothing from whoever asks next."
_SLOW = "A slow reader loses nothing and holds up nobody: what it has not read yet is kept for it, or not made yet."
_EVENTS = "text/event-stream"


_SAYS = {"close": "closes", "reset": "resets the connection"}


def client_cases(base: Base, wanted: Callable[[str], bool] = lambda kind: True) -> Iterator[Case]:
    """Of a stream: a client that leaves after the first part, by closing and by a reset, and one that stops reading."""
    how: Literal["close", "reset"]
    for how in ("close", "reset"):
        if base.streams and wanted(f"leaves-{how}"):
            yield _leaves(base, how)
    if base.streams and wanted("stops-reading"):
        yield _stops(base)


def _stops(base: Base) -> Case:
    """It reads the first part and no more until somebody else has been answered; then all of it."""
    return Case(
        id=f"{base.case.id}.stops-reading",
        title=f"{shown_target(base)} comes whole to a client that stops reading for a while, and to others meanwhile",
        why=f"{_SLOW} Derived from {base.case.id}",
        steps=(
            *full(base, "full"),
            Send(send=base.request),
            first_part(base, "main"),
            pauses(),
            *full(base, "again"),
            expect((), version=base.answer.version, relation="whole"),
        ),
        timeout=base.case.timeout,
    )


def _leaves(base: Base, how: Literal["close", "reset"]) -> Case:
    return Case(
        id=f"{base.case.id}.leaves-{how}",
        title=f"{shown_target(base)} is answered after a client that {_SAYS[how]} in the middle of it",
        why=f"{_AFTERWARDS} Derived from {base.case.id}",
        steps=(
            *full(base, "full"),
            *full(base, "again"),
            Send(send=base.request, on="left"),
            first_part(base, "left"),
            finish(how, on="left"),
            Send(send=base.request),
            expect((), version=base.answer.version, relation="whole"),
        ),
        timeout=base.case.timeout,
    )


def first_part(base: Base, on: str) -> Step:
    """Waits for the first event, or the first byte of content."""
    return awaits("events" if media_type(base.answer) == _EVENTS else "bytes", on=on)
