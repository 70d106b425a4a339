"""Faults of when something arrives: all of it comes, and too late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from samewire.cases import awaits, expect, get, post
from samewire.cases.model import Step
from samewire.prove.channel import Cut, Out, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.parts import Head, Piece
from samewire.prove.rewriters import Unchanged
from samewire.prove.streaming import EventEdit, Held, Streams

_GATE: tuple[Step, ...] = (
    get("/events?gate=${run}"),
    awaits("events", 1),
    post("/open/${run}", text="", on="other"),
    expect(200, on="other"),
    expect(200),
)


def _arrival(name: str, does: str, needs: str, answers: Callable[[], Unchanged]) -> Fault:
    return Fault(f"arrival.{name}", Kind.ARRIVAL, does, needs, _GATE, Tamper(answers=answers, holds=True))


def _is_events(head: Head) -> bool:
    return head.value("content-type").startswith("text/event-stream")


class _LateHead(Unchanged):
    """Keeps the head back until the first of the content is there."""

    def __init__(self) -> None:
        self._held = b""

    def head(self, head: Head) -> Iterable[Out]:
        if head.interim or head.tunnels or "chunked" not in head.value("transfer-encoding"):
            yield head.raw
        else:
            self._held = head.raw

    def piece(self, piece: Piece) -> Iterable[Out]:
        yield self._held + piece.raw
        self._held = b""

    def end(self, cut: Cut) -> Iterable[Out]:
        yield self._held
        yield cut


def _behind() -> EventEdit:
    """Each event leaves when the next one comes."""
    held = b""

    def step(event: bytes) -> Sequence[bytes]:
        nonlocal held
        gone, held = held, event
        return [gone] if gone else []

    return step


FAULTS = (
    _arrival(
        "events-buffered",
        "all events arrive together at the end",
        "a step that awaits an event while another connection holds back the next",
        lambda: Held(_is_events),
    ),
    _arrival(
        "event-behind",
        "each event arrives only with the next one",
        "a step that awaits an event while another connection holds back the next",
        lambda: Streams(_behind, events=True),
    ),
    _arrival(
        "chunks-buffered",
        "all chunks arrive together at the end",
        "a step that awaits bytes of a stream that is none of events while another connection holds back the rest",
        lambda: Held(lambda head: not _is_events(head)),
    ),
    _arrival(
        "head-late",
        "the head arrives only with the first of the content",
        "a step that awaits the head of a stream while another connection holds back the content",
        _LateHead,
    ),
)
