"""Faults of framing (RFC 9112 sections 6 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from samewire.ascii import is_digits
from samewire.cases import expect, get
from samewire.cases.model import Step
from samewire.exchange import Framing
from samewire.prove.channel import Cut, Out, Rewriter, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.heads import added, changed, lost
from samewire.prove.parts import Head, Piece, Tail
from samewire.prove.rewriters import EachHead, Heads, Unchanged, of_framing
from samewire.prove.writing import chunk, sized, without, written

_ANY: tuple[Step, ...] = (get("/path"), expect(200))


_CHUNKED: tuple[Step, ...] = (get("/stream"), expect(200, framing="chunked"))


def _fault(name: str, does: str, needs: str, rewriter: Callable[[], Rewriter], *example: Step) -> Fault:
    return Fault(f"framing.{name}", Kind.FRAMING, does, needs, example or _ANY, Tamper(answers=rewriter))


def _length(off: int) -> Callable[[], Rewriter]:
    return lambda: Heads(
        lambda head: (
            changed("Content-Length", lambda value: b"%d" % max(0, int(value) + off))(head)
            if head.framing is Framing.LENGTH and is_digits(head.value("content-length"))
            else None
        )
    )


class _Chunks(Unchanged):
    """Edits the last chunk of a chunked answer, and gives the others an extension."""

    def __init__(self, extension: bytes, last: Callable[[bytes], Sequence[Out]]) -> None:
        self._extension = extension
        self._last = last
        self._chunked = False

    def head(self, head: Head) -> Iterable[Out]:
        self._chunked = head.framing is Framing.CHUNKED
        yield head.raw

    def piece(self, piece: Piece) -> Iterable[Out]:
        yield chunk(piece.data, self._extension) if self._chunked and self._extension else piece.raw

    def tail(self, tail: Tail) -> Iterable[Out]:
        yield from self._last(tail.raw) if self._chunked else (tail.raw,)


def _chunks(extension: bytes = b"", last: Callable[[bytes], Sequence[Out]] = lambda raw: (raw,)) -> Rewriter:
    return _Chunks(extension, last)


FAULTS = (
    _fault(
        "chunked-to-length",
        "a chunked answer is sent with Content-Length",
        "a chunked answer",
        of_framing(Framing.CHUNKED, lambda answer: (sized(answer.head.lines, answer.content),)),
        *_CHUNKED,
    ),
    _fault(
        "length-to-chunked",
        "an answer with Content-Length is sent chunked",
        "an answer with content and Content-Length",
        of_framing(
            Framing.LENGTH,
            lambda answer: (
                written((*without(answer.head.lines, b"content-length"), b"Transfer-Encoding: chunked"))
                + chunk(answer.content)
                + b"0\r\n\r\n",
            ),
        ),
    ),
    _fault(
        "length-to-close",
        "the content is delimited by the end of the connection alone",
        "an answer with content and Content-Length",
        of_framing(
            Framing.LENGTH,
            lambda answer: (written(without(answer.head.lines, b"content-length")) + answer.content, Cut.GONE),
        ),
    ),
    _fault(
        "length-lost",
        "Content-Length is lost and the connection left open",
        "an answer with content and Content-Length",
        lambda: Heads(lambda head: lost("Content-Length")(head) if head.framing is Framing.LENGTH else None),
    ),
    _fault("length-short", "Content-Length is one too small", "an answer with Content-Length", _length(-1)),
    _fault("length-long", "Content-Length is one too great", "an answer with Content-Length", _length(1)),
    _fault(
        "length-and-chunked",
        "Content-Length stands beside Transfer-Encoding",
        "a chunked answer",
        lambda: Heads(lambda head: added("Content-Length: 3")(head) if head.framing is Framing.CHUNKED else None),
        *_CHUNKED,
    ),
    _fault("chunk-extension", "chunks have an extension", "a chunked answer", lambda: _chunks(b";a=b"), *_CHUNKED),
    _fault(
        "last-chunk-lost",
        "the last chunk is lost and the connection closed",
        "a chunked answer",
        lambda: _chunks(last=lambda _: (Cut.GONE,)),
        *_CHUNKED,
    ),
    _fault(
        "last-chunk-late",
        "the last chunk never comes, and the connection stays open",
        "a chunked answer",
        lambda: _chunks(last=lambda _: ()),
        *_CHUNKED,
    ),
    _fault(
        "trailers-added",
        "trailers are added",
        "a chunked answer",
        lambda: _chunks(last=lambda _: (b"0\r\nX-Digest: abc\r\n\r\n",)),
        *_CHUNKED,
    ),
    _fault(
        "trailers-lost",
        "trailers are lost",
        "a chunked answer with trailers",
        lambda: _chunks(last=lambda _: (b"0\r\n\r\n",)),
        get("/stream", headers={"TE": "trailers"}),
        expect(200, framing="chunked"),
    ),
    _fault(
        "bare-lf",
        "the lines of a head end with LF alone",
        "any answer",
        lambda: EachHead(lambda head: (head.raw.replace(b"\r\n", b"\n"),)),
    ),
)
