"""Faults of framing, of the connection, and of interim answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from parity.cases import ends, expect, finish, get, head, post
from parity.cases.model import Step
from parity.exchange import Framing
from parity.prove.channel import Cut, Out, Rewriter, Tamper
from parity.prove.fault import Fault, Kind
from parity.prove.heads import added, changed, lost, on_final
from parity.prove.parts import Beyond, Head, Part, Piece, Tail
from parity.prove.rewriters import Answer, Ends, Heads, Unchanged, Wholes, chunk, sized, without, written

_ANY: tuple[Step, ...] = (get("/path"), expect(200))
_CHUNKED: tuple[Step, ...] = (get("/stream"), expect(200, framing="chunked"))
_TWO = (get("/path?one"), get("/path?two"), expect(200), expect(200))
_GOES_ON = (get("/path"), expect(200), ends("reusable"))
_CLOSES = (get("/path", headers={"Connection": "close"}), expect(200), ends("closed"))
_CONTINUES = (
    post("/path", text="hello", headers={"Expect": "100-continue"}, part="head"),
    post("/path", text="hello", part="body"),
    expect(200, interim=[100]),
)


def _fault(kind: Kind, name: str, does: str, needs: str, rewriter: Callable[[], Rewriter], *example: Step) -> Fault:
    prefix = {Kind.FRAMING: "framing", Kind.CONNECTION: "connection", Kind.INTERIM: "interim"}[kind]
    return Fault(f"{prefix}.{name}", kind, does, needs, example or _ANY, Tamper(answers=rewriter))


def _when(framing: Framing, made: Callable[[Answer], Sequence[Out]]) -> Callable[[], Rewriter]:
    """Whole answers with content in that framing."""
    return lambda: Wholes(lambda answer: made(answer) if answer.content else None, lambda head: head.framing is framing)


def _length(off: int) -> Callable[[], Rewriter]:
    return lambda: Heads(
        lambda head: (
            changed("Content-Length", lambda value: b"%d" % max(0, int(value) + off))(head)
            if head.framing is Framing.LENGTH and head.value("content-length").isdigit()
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


class _Second(Unchanged):
    """Loses the second answer on a connection."""

    def __init__(self) -> None:
        self._number = 0

    def part(self, part: Part) -> Iterable[Out]:
        if isinstance(part, Head):
            self._number = part.asked.number
        return () if self._number == 1 and not isinstance(part, Beyond) else super().part(part)


class _Exchanged(Unchanged):
    """Exchanges two answers where the second request did not wait for the first answer."""

    def __init__(self) -> None:
        self._first: bytes | None = None
        self._under_way: bytearray | None = None

    def part(self, part: Part) -> Iterable[Out]:
        if isinstance(part, Head) and self._under_way is None and (part.asked.followed or self._first is not None):
            self._under_way = bytearray()
        if self._under_way is None:
            return (part.raw,)
        self._under_way += part.raw
        return self._ended() if isinstance(part, Tail) else ()

    def end(self, cut: Cut) -> Iterable[Out]:
        yield (self._first or b"") + bytes(self._under_way or b"")
        yield cut

    def _ended(self) -> Sequence[Out]:
        whole, self._under_way = bytes(self._under_way or b""), None
        if self._first is None:
            self._first = whole
            return ()
        first, self._first = self._first, None
        return whole, first


def _keeps(head: Head) -> bool:
    return "close" not in head.value("connection").lower() and head.framing is not Framing.CLOSE


def _interim(head: Head, status: int, lines: tuple[bytes, ...]) -> tuple[bytes, ...] | None:
    return lines if head.interim and head.status == status else None


class _Interims(Unchanged):
    def __init__(self, make: Callable[[Head], Sequence[Out]]) -> None:
        self._make = make

    def head(self, head: Head) -> Iterable[Out]:
        yield from self._make(head)


def _hints(head: Head) -> Sequence[Out]:
    if head.interim or head.tunnels or head.lines[0].startswith(b"HTTP/1.0"):
        return (head.raw,)
    return (b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n", head.raw)


def _body_of_head(head: Head) -> Sequence[Out]:
    length = head.value("content-length")
    if head.asked.method != "HEAD" or not length.isdigit() or head.interim:
        return (head.raw,)
    return (head.raw + b"x" * min(int(length), 64),)


_F, _C, _I = Kind.FRAMING, Kind.CONNECTION, Kind.INTERIM
FRAMING = (
    _fault(
        _F,
        "chunked-to-length",
        "a chunked answer is sent with Content-Length",
        "a chunked answer",
        _when(Framing.CHUNKED, lambda answer: (sized(answer.head.lines, answer.content),)),
        *_CHUNKED,
    ),
    _fault(
        _F,
        "length-to-chunked",
        "an answer with Content-Length is sent chunked",
        "an answer with content and Content-Length",
        _when(
            Framing.LENGTH,
            lambda answer: (
                written((*without(answer.head.lines, b"content-length"), b"Transfer-Encoding: chunked"))
                + chunk(answer.content)
                + b"0\r\n\r\n",
            ),
        ),
    ),
    _fault(
        _F,
        "length-to-close",
        "the content is delimited by the end of the connection alone",
        "an answer with content and Content-Length",
        _when(
            Framing.LENGTH,
            lambda answer: (written(without(answer.head.lines, b"content-length")) + answer.content, Cut.GONE),
        ),
    ),
    _fault(
        _F,
        "length-lost",
        "Content-Length is lost and the connection left open",
        "an answer with content and Content-Length",
        lambda: Heads(lambda head: lost("Content-Length")(head) if head.framing is Framing.LENGTH else None),
    ),
    _fault(_F, "length-short", "Content-Length is one too small", "an answer with Content-Length", _length(-1)),
    _fault(_F, "length-long", "Content-Length is one too great", "an answer with Content-Length", _length(1)),
    _fault(
        _F,
        "length-and-chunked",
        "Content-Length stands beside Transfer-Encoding",
        "a chunked answer",
        lambda: Heads(lambda head: added("Content-Length: 3")(head) if head.framing is Framing.CHUNKED else None),
        *_CHUNKED,
    ),
    _fault(_F, "chunk-extension", "chunks have an extension", "a chunked answer", lambda: _chunks(b";a=b"), *_CHUNKED),
    _fault(
        _F,
        "last-chunk-lost",
        "the last chunk is lost and the connection closed",
        "a chunked answer",
        lambda: _chunks(last=lambda _: (Cut.GONE,)),
        *_CHUNKED,
    ),
    _fault(
        _F,
        "last-chunk-late",
        "the last chunk never comes, and the connection stays open",
        "a chunked answer",
        lambda: _chunks(last=lambda _: ()),
        *_CHUNKED,
    ),
    _fault(
        _F,
        "trailers-added",
        "trailers are added",
        "a chunked answer",
        lambda: _chunks(last=lambda _: (b"0\r\nX-Digest: abc\r\n\r\n",)),
        *_CHUNKED,
    ),
    _fault(
        _F,
        "trailers-lost",
        "trailers are lost",
        "a chunked answer with trailers",
        lambda: _chunks(last=lambda _: (b"0\r\n\r\n",)),
        get("/stream", headers={"TE": "trailers"}),
        expect(200, framing="chunked"),
    ),
    _fault(
        _F,
        "bare-lf",
        "the lines of a head end with LF alone",
        "any answer",
        lambda: _Interims(lambda head: (head.raw.replace(b"\r\n", b"\n"),)),
    ),
)
CONNECTION = (
    _fault(
        _C,
        "closed-unsaid",
        "the connection is closed after an answer that does not say so",
        "an answer after which the connection goes on",
        lambda: Ends(lambda head: (Cut.GONE,) if _keeps(head) else ()),
        *_GOES_ON,
    ),
    _fault(
        _C,
        "closed-said",
        "keep-alive is lost: the answer says close, and it is closed",
        "an answer after which the connection goes on",
        lambda: _Closing(),
        *_GOES_ON,
    ),
    _fault(
        _C,
        "close-unsaid",
        "`Connection: close` is lost from an answer after which the server closes",
        "an answer with Connection: close",
        lambda: Heads(on_final(lambda lines: without(lines, b"connection"))),
        *_CLOSES,
    ),
    _fault(
        _C,
        "left-open",
        "the connection stays open where the server should close it",
        "an answer after which the server closes",
        lambda: Ends(cuts=lambda cut: () if cut is Cut.FIN else (cut,)),
        *_CLOSES,
    ),
    _fault(
        _C,
        "reset",
        "the connection is reset where the server should close it in order",
        "an answer after which the server closes",
        lambda: Ends(cuts=lambda _: (Cut.RESET,)),
        *_CLOSES,
    ),
    _fault(
        _C,
        "reset-at-once",
        "the connection is reset instead of any answer",
        "any answer",
        lambda: _Interims(lambda _: (Cut.RESET,)),
    ),
    _fault(
        _C,
        "surplus",
        "bytes follow an answer that belong to none",
        "an answer with Content-Length",
        lambda: Ends(lambda head: (b"surplus",) if head.framing is Framing.LENGTH else ()),
        *_GOES_ON,
    ),
    _fault(
        _C,
        "cut-in-content",
        "the connection is closed in the middle of the content",
        "an answer with content",
        _when(Framing.LENGTH, lambda answer: (answer.raw[: -(len(answer.content) + 1) // 2], Cut.GONE)),
    ),
    _fault(
        _C,
        "cut-in-head",
        "the connection is closed in the middle of the head",
        "any answer",
        lambda: _Interims(lambda head: (head.raw[: len(head.raw) // 2], Cut.GONE)),
    ),
    Fault(
        "connection.half-close",
        Kind.CONNECTION,
        "a client that has ended its side gets no answer",
        "a request whose sender half-closes before the answer",
        (get("/path"), finish("half"), expect(200)),
        Tamper(half_close=(Cut.GONE,)),
    ),
    _fault(
        _C,
        "second-answer-lost",
        "the second answer on a connection is lost",
        "two requests on one connection",
        _Second,
        *_TWO,
    ),
    _fault(
        _C,
        "answers-exchanged",
        "two pipelined answers come in the opposite order",
        "two requests sent before the first answer, answered differently",
        _Exchanged,
        *_TWO,
    ),
)
INTERIM = (
    _fault(
        _I,
        "continue-lost",
        "100 (Continue) is lost",
        "a request with Expect: 100-continue",
        lambda: _Interims(lambda head: () if _interim(head, 100, head.lines) else (head.raw,)),
        *_CONTINUES,
    ),
    _fault(
        _I,
        "continue-doubled",
        "100 (Continue) comes twice",
        "a request with Expect: 100-continue",
        lambda: _Interims(lambda head: (head.raw, head.raw) if _interim(head, 100, head.lines) else (head.raw,)),
        *_CONTINUES,
    ),
    _fault(
        _I,
        "continue-fields",
        "100 (Continue) has a field",
        "a request with Expect: 100-continue",
        lambda: Heads(lambda head: _interim(head, 100, (*head.lines, b"X-Proxy: yes"))),
        *_CONTINUES,
    ),
    _fault(
        _I,
        "continue-unasked",
        "100 (Continue) comes though nobody expects it",
        "a request without Expect",
        lambda: _Interims(
            lambda head: (head.raw,) if head.interim or head.tunnels else (b"HTTP/1.1 100 Continue\r\n\r\n" + head.raw,)
        ),
    ),
    _fault(_I, "hints-added", "103 (Early Hints) is added", "any final answer", lambda: _Interims(_hints)),
    _fault(
        _I,
        "head-with-content",
        "HEAD is answered with content",
        "a HEAD request",
        lambda: _Interims(_body_of_head),
        head("/path"),
        expect(200),
        ends("reusable"),
    ),
)


class _Closing(Unchanged):
    """Says `Connection: close` and closes."""

    def __init__(self) -> None:
        self._closing = False

    def head(self, head: Head) -> Iterable[Out]:
        self._closing = _keeps(head) and not head.interim and not head.tunnels
        lines = (*without(head.lines, b"connection"), b"Connection: close")
        yield written(lines) if self._closing else head.raw

    def tail(self, tail: Tail) -> Iterable[Out]:
        yield tail.raw
        if self._closing:
            yield Cut.GONE
