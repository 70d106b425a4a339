"""The ways in which a fault can take hold of an answer: its head, all of it, its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from samewire.exchange import Framing
from samewire.prove.channel import Cut, Out
from samewire.prove.parts import Beyond, Head, Lines, Part, Piece, Tail
from samewire.prove.writing import streamed, written

HeadEdit = Callable[[Head], Lines | None]
"""The lines of a head as they are to be; None leaves it as it is."""


class Answer(NamedTuple):
    """A final answer that came whole."""

    head: Head
    content: bytes
    """Without transfer coding."""
    raw: bytes


AnswerEdit = Callable[[Answer], Sequence[Out] | None]


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


class EachHead(Unchanged):
    """Sends something in the place of each head, interim ones among them."""

    def __init__(self, make: Callable[[Head], Sequence[Out]]) -> None:
        self._make = make

    def head(self, head: Head) -> Iterable[Out]:
        yield from self._make(head)


def of_framing(framing: Framing, made: Callable[[Answer], Sequence[Out]]) -> Callable[[], Wholes]:
    """Edits whole answers that have content in that framing."""
    return lambda: Wholes(lambda answer: made(answer) if answer.content else None, lambda head: head.framing is framing)
