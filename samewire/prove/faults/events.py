"""Faults of server-sent events, and of other content that is streamed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from samewire.cases import expect, get
from samewire.cases.model import Step
from samewire.prove.channel import Cut, Out, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.parts import Head, Piece
from samewire.prove.rewriters import Unchanged
from samewire.prove.streaming import EventEdit, Streams

_EVENTS: tuple[Step, ...] = (get("/events"), expect(200))


_E = "a stream of events"


def _event(
    name: str,
    does: str,
    needs: str,
    step: Callable[[], EventEdit],
    *,
    events: bool = True,
    example: tuple[Step, ...] = _EVENTS,
) -> Fault:
    tamper = Tamper(answers=lambda: Streams(step, events=events))
    return Fault(f"events.{name}", Kind.EVENTS, does, needs, example, tamper)


def _each(change: Callable[[bytes], bytes]) -> Callable[[], EventEdit]:
    """Every event changed; one that becomes empty is lost."""
    return lambda: lambda event: [changed] if (changed := change(event)) else []


def _nth(number: int, made: Callable[[bytes], Sequence[bytes]]) -> Callable[[], EventEdit]:
    """One event changed, counted from 0."""

    def make() -> EventEdit:
        count = -1

        def step(event: bytes) -> Sequence[bytes]:
            nonlocal count
            count += bool(event)
            return made(event) if event and count == number else [event]

        return step

    return make


def _exchanged() -> EventEdit:
    """The first two in the opposite order, so the second is waited for."""
    held: list[bytes] = []
    done = False

    def step(event: bytes) -> Sequence[bytes]:
        nonlocal done
        if done:
            return [event]
        held.append(event)
        if len(held) < 2 and event:
            return []
        done = True
        return [one for one in reversed(held) if one]

    return step


def _line(field: bytes, becomes: bytes = b"") -> Callable[[bytes], bytes]:
    pattern = re.compile(rb"(?m)^%b:[^\n]*\n" % field)
    return lambda event: pattern.sub(becomes, event)


class _CutOff(Unchanged):
    """Closes the connection after the first event, or the first chunk."""

    def __init__(self) -> None:
        self._chunked = False

    def head(self, head: Head) -> Iterable[Out]:
        self._chunked = head.value("content-type").startswith("text/event-stream")
        yield head.raw

    def piece(self, piece: Piece) -> Iterable[Out]:
        yield piece.raw
        if self._chunked:
            yield Cut.GONE


FAULTS = (
    _event("first-lost", "the first event is lost", _E, _nth(0, lambda _: [])),
    _event("second-lost", "the second event is lost", "a stream of two events", _nth(1, lambda _: [])),
    _event("doubled", "an event comes twice", _E, _nth(0, lambda event: [event, event])),
    _event("exchanged", "two events come in the opposite order", "a stream of two events", _exchanged),
    _event("id-lost", "the line `id` is lost", "a stream of events with ids", _each(_line(b"id"))),
    _event("retry-lost", "the line `retry` is lost", "a stream of events with retry", _each(_line(b"retry"))),
    _event("name-lost", "the line `event` is lost", "a stream of named events", _each(_line(b"event"))),
    _event("name", "events have another name", "a stream of named events", _each(_line(b"event", b"event: other\n"))),
    _event("comment-lost", "a comment is lost", "a stream with comments", _each(_line(b""))),
    _event("comment-added", "a comment is added", _E, _nth(0, lambda event: [b": hello\n\n", event])),
    _event("data", "the data of an event ends with a letter more", _E, _nth(0, lambda event: [event[:-2] + b"x\n\n"])),
    _event(
        "data-lines",
        "a line of data is lost",
        "an event of two lines of data",
        _each(lambda event: re.sub(rb"(?m)^data:[^\n]*\n(?=data:)", b"", event)),
    ),
    _event(
        "line-ends", "lines end with CRLF in the place of LF", _E, _each(lambda event: event.replace(b"\n", b"\r\n"))
    ),
    _event("blank", "the blank after `data:` is lost", _E, _each(lambda event: event.replace(b"data: ", b"data:"))),
    Fault(
        "events.cut-off",
        Kind.EVENTS,
        "the connection is closed after the first events",
        _E,
        _EVENTS,
        Tamper(answers=_CutOff),
    ),
    _event(
        "chunk-lost",
        "a chunk of a stream that is none of events is lost",
        "a chunked answer, streamed",
        _nth(0, lambda _: []),
        events=False,
        example=(get("/stream"), expect(200, framing="chunked")),
    ),
)
