"""Controls: changes that are no difference (RFC 9112 sections 5 and 7.1, RFC 6455 section 5.4); reporting one is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from samewire.cases import expect, get
from samewire.cases.model import Step
from samewire.exchange import Framing
from samewire.prove.channel import Out, Rewriter, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.faults.websocket import TALK
from samewire.prove.frames import BINARY, TEXT, frame
from samewire.prove.heads import on_final
from samewire.prove.parts import Head, Part, Piece, Tail
from samewire.prove.rewriters import Heads, Unchanged
from samewire.prove.streaming import Messages
from samewire.prove.writing import chunk

_ANY: tuple[Step, ...] = (get("/path"), expect(200))


_CHUNKED: tuple[Step, ...] = (get("/stream"), expect(200, framing="chunked"))


_SEGMENT = 64


class _Chunks(Unchanged):
    """Cuts or joins chunks, never holding one back beyond the read it came in."""

    def __init__(self, *, join: bool) -> None:
        self._join = join
        self._chunked = False
        self._data = b""

    def head(self, head: Head) -> Iterable[Out]:
        self._chunked = head.framing is Framing.CHUNKED
        yield head.raw

    def piece(self, piece: Piece) -> Iterable[Out]:
        if not self._chunked:
            yield piece.raw
        elif self._join:
            self._data += piece.data
        else:
            middle = len(piece.data) // 2
            yield chunk(piece.data[:middle]) + chunk(piece.data[middle:])

    def tail(self, tail: Tail) -> Iterable[Out]:
        yield from self.read()
        yield tail.raw

    def read(self) -> Iterable[Out]:
        data, self._data = self._data, b""
        if data:
            yield chunk(data)


class _Segments(Unchanged):
    """Writes everything in small pieces."""

    def part(self, part: Part) -> Iterable[Out]:
        for start in range(0, len(part.raw), _SEGMENT):
            yield part.raw[start : start + _SEGMENT]


class _Sizes(Unchanged):
    def __init__(self) -> None:
        self._chunked = False

    def head(self, head: Head) -> Iterable[Out]:
        self._chunked = head.framing is Framing.CHUNKED
        yield head.raw

    def piece(self, piece: Piece) -> Iterable[Out]:
        yield b"00" + piece.raw if self._chunked else piece.raw


def _fault(
    name: str, kind: Kind, does: str, needs: str, answers: Callable[[], Rewriter], example: tuple[Step, ...]
) -> Fault:
    tamper = Tamper(answers=answers, recuts=name == "segments")
    return Fault(f"harmless.{name}", kind, does, needs, example, tamper, harmless=True)


def _fragments() -> Rewriter:
    return Messages(
        lambda one: (
            (
                frame(one.first & 0x7F, one.payload[:1]),
                frame(0x80, one.payload[1:]),
            )
            if one.opcode in (TEXT, BINARY) and one.final and len(one.payload) > 1
            else (one.raw,)
        )
    )


FAULTS = (
    _fault("chunks-cut", Kind.FRAMING, "chunks are cut in two", "a chunked answer", lambda: _Chunks(join=False), _CHUNKED),
    _fault("chunks-joined", Kind.ARRIVAL, "chunks that came together are joined", "a chunked answer of several chunks", lambda: _Chunks(join=True), _CHUNKED),
    _fault("chunk-sizes", Kind.FRAMING, "chunk sizes begin with zeros", "a chunked answer", _Sizes, _CHUNKED),
    _fault("segments", Kind.ARRIVAL, "everything is written in small pieces", "any answer", _Segments, _ANY),
    _fault("colon", Kind.FIELDS, "no blank follows the colons of fields", "any answer", lambda: Heads(on_final(lambda lines: (lines[0], *(line.replace(b": ", b":", 1) for line in lines[1:])))), _ANY),
    _fault("fragments", Kind.WEBSOCKET, "messages come in two frames", "a message from the server", _fragments, TALK),
)  # fmt: skip
