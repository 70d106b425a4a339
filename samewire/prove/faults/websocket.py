"""Faults of WebSocket connections (RFC 6455)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from samewire.cases import ends, expect, get, hears, talk
from samewire.cases.model import Step
from samewire.prove.channel import Cut, Out, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.frames import BINARY, CLOSE, PONG, TEXT, Frame, frame
from samewire.prove.heads import on_switch
from samewire.prove.parts import Head, Lines
from samewire.prove.rewriters import HeadEdit, Heads, Unchanged
from samewire.prove.streaming import FrameEdit, Messages
from samewire.prove.writing import named, without

_ASKS = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


_OPEN: tuple[Step, ...] = (get("/socket", headers=_ASKS), expect(101))


TALK: tuple[Step, ...] = (*_OPEN, talk("text", "hello"), hears("text"))


_CLOSED: tuple[Step, ...] = (*_OPEN, talk("close", code=1000), hears("close"), ends("closed"))


_PROTOCOL = (get("/socket", headers={**_ASKS, "Sec-WebSocket-Protocol": "chat"}), expect(101))


def _socket(
    name: str, does: str, needs: str, answers: Callable[[], Unchanged], example: tuple[Step, ...] = TALK
) -> Fault:
    return Fault(f"websocket.{name}", Kind.WEBSOCKET, does, needs, example, Tamper(answers=answers))


def _frames(step: Callable[[], FrameEdit]) -> Callable[[], Unchanged]:
    return lambda: Messages(step())


def _all(kinds: tuple[int, ...], made: Callable[[Frame], Sequence[Out]]) -> Callable[[], Unchanged]:
    """Every frame of these kinds."""
    return _frames(lambda: lambda one: made(one) if one.opcode in kinds else (one.raw,))


def _first(made: Callable[[Frame], Sequence[Out]]) -> Callable[[], Unchanged]:
    """The first message that is text or binary, in one frame."""

    def make() -> FrameEdit:
        done = False

        def step(one: Frame) -> Sequence[Out]:
            nonlocal done
            if done or one.opcode not in (TEXT, BINARY) or not one.final:
                return (one.raw,)
            done = True
            return made(one)

        return step

    return _frames(make)


def _messages_exchanged() -> FrameEdit:
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


class _Lingering(Unchanged):
    """Keeps the end of an upgraded connection from the client."""

    def __init__(self) -> None:
        self._switched = False

    def head(self, head: Head) -> Iterable[Out]:
        self._switched = self._switched or head.status == 101
        yield head.raw

    def end(self, cut: Cut) -> Iterable[Out]:
        return () if self._switched else (cut,)


FAULTS = (
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
