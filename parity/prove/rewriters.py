"""The ways in which a fault can take hold of an answer: its head, all of it, its events, its frames, its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from parity.exchange import Framing
from parity.prove.channel import Cut, Out
from parity.prove.frames import Frame, Frames
from parity.prove.parts import Beyond, Head, Lines, Part, Piece, Tail

HeadEdit = Callable[[Head], Lines | None]
"""The lines of a head as they are to be; None leaves it as it is."""


class Answer(NamedTuple):
    """A final answer that came whole."""

    head: Head
    content: bytes
    """Without transfer coding."""
    raw: bytes


AnswerEdit = Callable[[Answer], Sequence[Out] | None]
Step = Callable[[bytes], Iterable[bytes]]
"""Of each event or chunk in turn: those that are sent in its place. At the end it is asked once more, with nothing."""
FrameStep = Callable[[Frame], Iterable[Out]]


class Unchanged:
    """Lets everything through; the others say what they change."""

    def part(self, part: Part) -> Iterable[Out]:
        match part:
            case Head():
                yield from self.head(part)
            case Piece():
                yield from self.piece(part)
            case Tail():
                yield from self.tail(part)
            case Beyond():
                yield from self.beyond(part)

    def head(self, head: Head) -> Iterable[Out]:
        yield head.raw

    def piece(self, piece: Piece) -> Iterable[Out]:
        yield piece.raw

    def tail(self, tail: Tail) -> Iterable[Out]:
        yield tail.raw

    def beyond(self, beyond: Beyond) -> Iterable[Out]:
        yield beyond.raw

    def read(self) -> Iterable[Out]:
        return ()

    def end(self, cut: Cut) -> Iterable[Out]:
        yield cut


class Heads(Unchanged):
    """Edits heads and streams what follows them."""

    def __init__(self, edit: HeadEdit) -> None:
        self._edit = edit

    def head(self, head: Head) -> Iterable[Out]:
        lines = self._edit(head)
        yield head.raw if lines is None or lines == head.lines else written(lines)


class Wholes(Unchanged):
    """Edits answers that are sized or chunked and no stream of events, once they are whole."""

    def __init__(self, edit: AnswerEdit, wanted: Callable[[Head], bool] = lambda _: True) -> None:
        self._edit = edit
        self._wanted = wanted
        self._head: Head | None = None
        self._raw = bytearray()
        self._content = bytearray()

    def head(self, head: Head) -> Iterable[Out]:
        if head.interim or head.tunnels or streamed(head) or not self._wanted(head):
            yield head.raw
            return
        self._head, self._raw, self._content = head, bytearray(head.raw), bytearray()

    def piece(self, piece: Piece) -> Iterable[Out]:
        if self._head is None:
            yield piece.raw
            return
        self._raw += piece.raw
        self._content += piece.data

    def tail(self, tail: Tail) -> Iterable[Out]:
        head, self._head = self._head, None
        if head is None:
            yield tail.raw
            return
        raw = bytes(self._raw) + tail.raw
        outs = self._edit(Answer(head, bytes(self._content), raw))
        yield from (raw,) if outs is None else outs

    def beyond(self, beyond: Beyond) -> Iterable[Out]:
        if self._head is not None:
            self._head = None
            yield bytes(self._raw)
        yield beyond.raw


class Streams(Unchanged):
    """Edits chunked content as it comes, cut into events if it is a stream of them, else into the chunks it came in."""

    def __init__(self, step: Callable[[], Step], *, events: bool) -> None:
        self._make = step
        self._events = events
        self._step: Step | None = None
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

    def _edited(self, step: Step) -> Iterable[Out]:
        """What can be cut into whole events is left in the chunks it came in where nothing of it is changed."""
        came = [event + b"\n\n" for event in self._data[:-2].split(b"\n\n")] if self._events else [self._data]
        made = [edited for event in came for edited in step(event)]
        raw, self._raw, self._data = self._raw, b"", b""
        yield from (raw,) if made == came else map(chunk, made)


class Messages(Unchanged):
    """Edits the frames that the server sends after a WebSocket handshake."""

    def __init__(self, step: FrameStep) -> None:
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


class Ends(Unchanged):
    """Does something once a final answer has ended, or instead of the end that the server makes."""

    def __init__(
        self, after: Callable[[Head], Sequence[Out]] = lambda _: (), cuts: Callable[[Cut], Sequence[Out]] | None = None
    ) -> None:
        self._after = after
        self._cuts = cuts
        self._head: Head | None = None

    def head(self, head: Head) -> Iterable[Out]:
        self._head = None if head.interim or head.tunnels else head
        yield head.raw

    def tail(self, tail: Tail) -> Iterable[Out]:
        yield tail.raw
        if self._head is not None:
            yield from self._after(self._head)

    def end(self, cut: Cut) -> Iterable[Out]:
        yield from (cut,) if self._cuts is None else self._cuts(cut)


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


def written(lines: Lines) -> bytes:
    """A head from its lines."""
    return b"\r\n".join((*lines, b"", b""))


def sized(lines: Lines, content: bytes) -> bytes:
    """An answer with Content-Length and no transfer coding."""
    kept = without(lines, b"transfer-encoding", b"content-length")
    return written((*kept, b"Content-Length: %d" % len(content))) + content


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    """Nothing for no data: an empty chunk would be the last (RFC 9112 section 7.1)."""
    return b"%x%b\r\n%b\r\n" % (len(data), extension, data) if data else b""


def framed(head: Head, lines: Lines, content: bytes) -> bytes:
    """An answer in the framing that the server chose, the length set right in its place."""
    match head.framing:
        case Framing.CHUNKED:
            return written(lines) + chunk(content) + b"0\r\n\r\n"
        case Framing.LENGTH:
            length = b"Content-Length: %d" % len(content)
            return written(tuple(length if named(line, b"content-length") else line for line in lines)) + content
        case _:
            return written(lines) + content


def without(lines: Lines, *names: bytes) -> Lines:
    """Without the field lines of these names, given in lower case."""
    return (lines[0], *(line for line in lines[1:] if not any(named(line, name) for name in names)))


def named(line: bytes, name: bytes) -> bool:
    """Whether it is a field line of that name, given in lower case."""
    return line.partition(b":")[0].lower() == name


def is_events(head: Head) -> bool:
    """Whether the content is a stream of server-sent events, in no content coding."""
    return head.value("content-type").startswith("text/event-stream") and not head.value("content-encoding")


def streamed(head: Head) -> bool:
    """Whether its content can't be waited for: a stream of events, or delimited by the end of the connection alone."""
    return head.value("content-type").startswith("text/event-stream") or head.framing is Framing.CLOSE
