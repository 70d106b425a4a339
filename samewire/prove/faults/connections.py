"""Faults of the connection: who ends it, when and how, and what stands on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from samewire.ascii import lower
from samewire.cases import awaits, ends, expect, finish, get
from samewire.cases.model import Step
from samewire.exchange import Framing
from samewire.prove.channel import Cut, Out, Rewriter, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.heads import on_final
from samewire.prove.parts import Beyond, Head, Part, Tail
from samewire.prove.rewriters import EachHead, Ends, Heads, Unchanged, of_framing
from samewire.prove.writing import without, written

_ANY: tuple[Step, ...] = (get("/path"), expect(200))


_TWO = (get("/path?one"), get("/path?two"), expect(200), expect(200))


_GOES_ON = (get("/path"), expect(200), ends("reusable"))


_CLOSES = (get("/path", headers={"Connection": "close"}), expect(200), ends("closed"))


def _fault(name: str, does: str, needs: str, rewriter: Callable[[], Rewriter], *example: Step) -> Fault:
    return Fault(f"connection.{name}", Kind.CONNECTION, does, needs, example or _ANY, Tamper(answers=rewriter))


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


def _keeps(head: Head) -> bool:
    return "close" not in lower(head.value("connection")) and head.framing is not Framing.CLOSE


FAULTS = (
    _fault(
        "closed-unsaid",
        "the connection is closed after an answer that does not say so",
        "an answer after which the connection goes on",
        lambda: Ends(lambda head: (Cut.GONE,) if _keeps(head) else ()),
        *_GOES_ON,
    ),
    _fault(
        "closed-said",
        "keep-alive is lost: the answer says close, and it is closed",
        "an answer after which the connection goes on",
        lambda: _Closing(),
        *_GOES_ON,
    ),
    _fault(
        "close-unsaid",
        "`Connection: close` is lost from an answer after which the server closes",
        "an answer with Connection: close",
        lambda: Heads(on_final(lambda lines: without(lines, b"connection"))),
        *_CLOSES,
    ),
    _fault(
        "left-open",
        "the connection stays open where the server should close it",
        "an answer after which the server closes",
        lambda: Ends(cuts=lambda cut: () if cut is Cut.FIN else (cut,)),
        *_CLOSES,
    ),
    _fault(
        "reset",
        "the connection is reset where the server should close it in order",
        "an answer after which the server closes",
        lambda: Ends(cuts=lambda _: (Cut.RESET,)),
        *_CLOSES,
    ),
    _fault(
        "reset-at-once",
        "the connection is reset instead of any answer",
        "any answer",
        lambda: EachHead(lambda _: (Cut.RESET,)),
    ),
    _fault(
        "surplus",
        "bytes follow an answer that belong to none",
        "an answer with Content-Length",
        lambda: Ends(lambda head: (b"surplus",) if head.framing is Framing.LENGTH else ()),
        *_GOES_ON,
    ),
    _fault(
        "cut-in-content",
        "the connection is closed in the middle of the content",
        "an answer with content",
        of_framing(Framing.LENGTH, lambda answer: (answer.raw[: -(len(answer.content) + 1) // 2], Cut.GONE)),
    ),
    _fault(
        "cut-in-head",
        "the connection is closed in the middle of the head",
        "any answer",
        lambda: EachHead(lambda head: (head.raw[: len(head.raw) // 2], Cut.GONE)),
    ),
    Fault(
        "connection.half-close",
        Kind.CONNECTION,
        "a client that has ended its side gets no answer",
        "a request whose sender half-closes before the answer",
        (get("/path"), finish("half"), expect(200)),
        Tamper(ends=lambda cut: (Cut.GONE,) if cut is Cut.FIN else (cut,)),
    ),
    Fault(
        "connection.leaving-unseen",
        Kind.CONNECTION,
        "the server does not notice that its client has left",
        "a client that leaves, and a request on another connection that shows whether the work has stopped",
        (
            get("/stream/${run}"),
            awaits("head"),
            finish("close"),
            get("/left/${run}", on="other"),
            expect(200, on="other"),
        ),
        Tamper(ends=lambda _: (), hides=True),
    ),
    _fault(
        "second-answer-lost",
        "the second answer on a connection is lost",
        "two requests on one connection",
        _Second,
        *_TWO,
    ),
    _fault(
        "answers-exchanged",
        "two pipelined answers come in the opposite order",
        "two requests sent before the first answer, answered differently",
        _Exchanged,
        *_TWO,
    ),
)
