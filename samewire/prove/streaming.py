"""The ways in which a fault can take hold of what is streamed: events, chunks, WebSocket frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from samewire.exchange import Framing
from samewire.prove.channel import Cut, Out
from samewire.prove.frames import Frame, Frames
from samewire.prove.parts import Beyond, Head, Piece, Tail
from samewire.prove.rewriters import Unchanged
from samewire.prove.writing import chunk, is_events

EventEdit = Callable[[bytes], Iterable[bytes]]
"""Of each event or chunk in turn: those that are sent in its place. At the end it is asked once more, with nothing."""


FrameEdit = Callable[[Frame], Iterable[Out]]


class Streams(Unchanged):
    """Edits chunked content as it comes, cut into events if it is a stream of them, else into the chunks it came in."""

    def __init__(self, step: Callable[[], EventEdit], *, events: bool) -> None:
        self._make = step
        self._events = events
        self._step: EventEdit | None = None
        self._raw = b""
        self._data = b""

    def head(self, head: Head) -> Iterable[Out]:
        taken = head.framing is Framing.CHUNKED and not head.interim and is_events(head) is self._events
        self._step = self._make() if taken else None
        yield head.raw

    def piece(self, piece: Piece) -> Iterable[Out]:
        if self._step is None:
            yield piece.raw
            return
        self._raw += piece.raw
        self._data += piece.data
        if not self._events or self._data.endswith(b"\n\n"):
            yield from self._edited(self._step)

    def tail(self, tail: Tail) -> Iterable[Out]:
        if self._step is not None:
            yield self._raw
            yield from (chunk(held) for held in self._step(b"") if held)
        self._raw = self._data = b""
        yield tail.raw

    def beyond(self, beyond: Beyond) -> Iterable[Out]:
        yield self._raw + beyond.raw
        self._raw = self._data = b""

    def _edited(self, step: EventEdit) -> Iterable[Out]:
        """What can be cut into whole events is left in the chunks it came in where nothing of it is changed."""
        came = [event + b"\n\n" for event in self._data[:-2].split(b"\n\n")] if self._events else [self._data]
        made = [edited for event in came for edited in step(event)]
        raw, self._raw, self._data = self._raw, b"", b""
        yield from (raw,) if made == came else map(chunk, made)


class Messages(Unchanged):
    """Edits the frames that the server sends after a WebSocket handshake."""

    def __init__(self, step: FrameEdit) -> None:
        self._frames = Frames()
        self._step = step

    def beyond(self, beyond: Beyond) -> Iterable[Out]:
        if not beyond.tunnel:
            yield beyond.raw
            return
        for frame in self._frames.feed(beyond.raw):
            yield from self._step(frame)

    def end(self, cut: Cut) -> Iterable[Out]:
        if rest := self._frames.rest():
            yield rest
        yield cut


class Held(Unchanged):
    """Keeps back chunked content until it is all there."""

    def __init__(self, wanted: Callable[[Head], bool]) -> None:
        self._wanted = wanted
        self._held: list[bytes] | None = None

    def head(self, head: Head) -> Iterable[Out]:
        self._held = [] if head.framing is Framing.CHUNKED and not head.interim and self._wanted(head) else None
        yield head.raw

    def piece(self, piece: Piece) -> Iterator[Out]:
        if self._held is None:
            yield piece.raw
        else:
            self._held.append(piece.raw)

    def tail(self, tail: Tail) -> Iterator[Out]:
        yield b"".join((*(self._held or ()), tail.raw))
        self._held = None

    def end(self, cut: Cut) -> Iterator[Out]:
        yield from self._held or ()
        yield cut
