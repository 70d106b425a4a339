"""Faults of streamed answers: server-sent events, what arrives when, WebSocket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from parity.cases import awaits, ends, expect, get, hears, post, talk
from parity.cases.model import Step as CaseStep
from parity.prove.channel import Cut, Out, Tamper
from parity.prove.fault import Fault, Kind
from parity.prove.frames import BINARY, CLOSE, PONG, TEXT, Frame, frame
from parity.prove.heads import on_switch
from parity.prove.parts import Head, Lines, Piece
from parity.prove.rewriters import (
    FrameStep,
    HeadEdit,
    Heads,
    Held,
    Messages,
    Step,
    Streams,
    Unchanged,
    named,
    without,
)

_EVENTS: tuple[CaseStep, ...] = (get("/events"), expect(200))
_GATE: tuple[CaseStep, ...] = (
    get("/events?gate=${run}"),
    awaits("events", 1),
    post("/open/${run}", text="", on="other"),
    expect(200, on="other"),
    expect(200),
)
_ASKS = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
_OPEN: tuple[CaseStep, ...] = (get("/socket", headers=_ASKS), expect(101))
_TALK: tuple[CaseStep, ...] = (*_OPEN, talk("text", "hello"), hears("text"))
_CLOSED: tuple[CaseStep, ...] = (*_OPEN, talk("close", code=1000), hears("close"), ends("closed"))


def _event(
    name: str,
    does: str,
    needs: str,
    step: Callable[[], Step],
    *,
    events: bool = True,
    example: tuple[CaseStep, ...] = _EVENTS,
) -> Fault:
    tamper = Tamper(answers=lambda: Streams(step, events=events))
    return Fault(f"events.{name}", Kind.EVENTS, does, needs, example, tamper)


def _each(change: Callable[[bytes], bytes]) -> Callable[[], Step]:
    """Every event changed; one that becomes empty is lost."""
    return lambda: lambda event: [changed] if (changed := change(event)) else []


def _nth(number: int, made: Callable[[bytes], Sequence[bytes]]) -> Callable[[], Step]:
    """One event changed, counted from 0."""

    def make() -> Step:
        count = -1

        def step(event: bytes) -> Sequence[bytes]:
            nonlocal count
            count += bool(event)
            return made(event) if event and count == number else [event]

        return step

    return make


def _exchanged() -> Step:
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


_E = "a stream of events"
EVENTS = (
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


def _behind() -> Step:
    """Each event leaves when the next one comes."""
    held = b""

    def step(event: bytes) -> Sequence[bytes]:
        nonlocal held
        gone, held = held, event
        return [gone] if gone else []

    return step


ARRIVAL = (
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


def _socket(
    name: str, does: str, needs: str, answers: Callable[[], Unchanged], example: tuple[CaseStep, ...] = _TALK
) -> Fault:
    return Fault(f"websocket.{name}", Kind.WEBSOCKET, does, needs, example, Tamper(answers=answers))


def _frames(step: Callable[[], FrameStep]) -> Callable[[], Unchanged]:
    return lambda: Messages(step())


def _all(kinds: tuple[int, ...], made: Callable[[Frame], Sequence[Out]]) -> Callable[[], Unchanged]:
    """Every frame of these kinds."""
    return _frames(lambda: lambda one: made(one) if one.opcode in kinds else (one.raw,))


def _first(made: Callable[[Frame], Sequence[Out]]) -> Callable[[], Unchanged]:
    """The first message that is text or binary, in one frame."""

    def make() -> FrameStep:
        done = False

        def step(one: Frame) -> Sequence[Out]:
            nonlocal done
            if done or one.opcode not in (TEXT, BINARY) or not one.final:
                return (one.raw,)
            done = True
            return made(one)

        return step

    return _frames(make)


def _messages_exchanged() -> FrameStep:
    held: list[Frame] = []
    done = False

    def step(one: Frame) -> Sequence[Out]:
        nonlocal done
        if done or one.opcode not in (TEXT, BINARY):
            return (*(kept.raw for kept in _emptied(held)), one.raw)
        held.append(one)
        if len(held) < 2:
            return ()
        done = True
        return tuple(kept.raw for kept in reversed(_emptied(held)))

    return step


def _emptied(held: list[Frame]) -> list[Frame]:
    taken = list(held)
    held.clear()
    return taken


def _code(one: Frame) -> Sequence[Out]:
    return (frame(one.first, (b"\x03\xf3" if one.payload[:2] != b"\x03\xf3" else b"\x03\xe8") + one.payload[2:]),)


def _switch(edit: Callable[[Lines], Lines]) -> Callable[[], Unchanged]:
    head_edit: HeadEdit = on_switch(edit)
    return lambda: Heads(head_edit)


def _accept(lines: Lines) -> Lines:
    return tuple(
        b"Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=" if named(line, b"sec-websocket-accept") else line
        for line in lines
    )


def _refused(head: Head) -> Lines | None:
    refusal = (b"HTTP/1.1 400 Bad Request", b"Content-Length: 0", b"Connection: close")
    return refusal if head.status == 101 else None


_PROTOCOL = (get("/socket", headers={**_ASKS, "Sec-WebSocket-Protocol": "chat"}), expect(101))
WEBSOCKET = (
    _socket("refused", "the handshake is refused with 400", "a WebSocket handshake", lambda: Heads(_refused), _OPEN),
    _socket("accept", "Sec-WebSocket-Accept is another value", "a WebSocket handshake", _switch(_accept), _OPEN),
    _socket(
        "protocol-lost",
        "the subprotocol is lost",
        "a handshake that agrees on a subprotocol",
        _switch(lambda lines: without(lines, b"sec-websocket-protocol")),
        _PROTOCOL,
    ),
    _socket(
        "extension-added",
        "an extension is agreed on that nobody offered",
        "a WebSocket handshake",
        _switch(lambda lines: (*lines, b"Sec-WebSocket-Extensions: permessage-deflate")),
        _OPEN,
    ),
    _socket(
        "text-as-binary",
        "text comes as binary",
        "a text message from the server",
        _all((TEXT,), lambda one: (frame(one.first ^ TEXT ^ BINARY, one.payload),)),
    ),
    _socket(
        "binary-as-text",
        "binary comes as text",
        "a binary message from the server",
        _all((BINARY,), lambda one: (frame(one.first ^ TEXT ^ BINARY, one.payload),)),
        (*_OPEN, talk("binary", "hello"), hears("binary")),
    ),
    _socket("message-lost", "a message is lost", "a message from the server", _first(lambda _: ())),
    _socket(
        "message-doubled", "a message comes twice", "a message from the server", _first(lambda one: (one.raw,) * 2)
    ),
    _socket(
        "message-changed",
        "a message has a letter more",
        "a message from the server",
        _first(lambda one: (frame(one.first, one.payload + b"x"),)),
    ),
    _socket(
        "messages-exchanged",
        "two messages come in the opposite order",
        "two different messages from the server",
        _frames(_messages_exchanged),
        (*_OPEN, talk("text", "one"), talk("text", "two"), hears("text"), hears("text")),
    ),
    _socket(
        "reserved-bit",
        "a reserved bit is set",
        "a message from the server",
        _first(lambda one: (frame(one.first | 0x40, one.payload),)),
    ),
    _socket(
        "ping-unanswered",
        "a ping is not answered",
        "a ping from the client",
        _all((PONG,), lambda _: ()),
        (*_OPEN, talk("ping", "a"), hears("pong")),
    ),
    _socket(
        "pong-changed",
        "a pong says something else than the ping",
        "a ping from the client",
        _all((PONG,), lambda one: (frame(one.first, one.payload[:-1] + b"x"),)),
        (*_OPEN, talk("ping", "a"), hears("pong")),
    ),
    _socket("close-code", "the close code is another one", "a close frame with a code", _all((CLOSE,), _code), _CLOSED),
    _socket(
        "close-reason",
        "the close reason is another one",
        "a close frame with a code",
        _all((CLOSE,), lambda one: (frame(one.first, one.payload + b" (proxy)"),) if one.payload else (one.raw,)),
        _CLOSED,
    ),
    _socket(
        "dropped",
        "the server closes the connection without a close frame",
        "a close frame from the server",
        _all((CLOSE,), lambda _: (Cut.GONE,)),
        _CLOSED,
    ),
    _socket(
        "left-open",
        "the connection stays open after the close frames",
        "a close frame from the server, and a step that waits for the end",
        lambda: _Lingering(),
        _CLOSED,
    ),
)


class _Lingering(Unchanged):
    """Keeps the end of an upgraded connection from the client."""

    def __init__(self) -> None:
        self._switched = False

    def head(self, head: Head) -> Iterable[Out]:
        self._switched = self._switched or head.status == 101
        yield head.raw

    def end(self, cut: Cut) -> Iterable[Out]:
        return () if self._switched else (cut,)
