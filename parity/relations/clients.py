"""Clients of a stream that do not read it to its end at once: one that leaves, and what others then find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from parity.cases.build import awaits, expect, finish
from parity.cases.model import Case, Send, Step
from parity.compare import media_type
from parity.relations.base import Base
from parity.relations.derive import full, shown_target

_AFTERWARDS = "A server outlives its clients: whoever leaves a stream early takes nothing from whoever asks next."
_EVENTS = "text/event-stream"


_SAYS = {"close": "closes", "reset": "resets the connection"}


def client_cases(base: Base, wanted: Callable[[str], bool] = lambda kind: True) -> Iterator[Case]:
    """Of a stream: a client that leaves after the first part, by closing and by a reset."""
    how: Literal["close", "reset"]
    for how in ("close", "reset"):
        if base.streams and wanted(f"leaves-{how}"):
            yield _leaves(base, how)


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
