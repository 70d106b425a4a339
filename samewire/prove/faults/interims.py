"""Faults of interim answers, and of the answer to HEAD."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from samewire.ascii import is_digits, whole_number
from samewire.cases import ends, expect, get, head, post
from samewire.cases.model import Step
from samewire.prove.channel import Out, Rewriter, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.parts import Head
from samewire.prove.rewriters import EachHead, Heads

_ANY: tuple[Step, ...] = (get("/path"), expect(200))


_CONTINUES = (
    post("/path", text="hello", headers={"Expect": "100-continue"}, part="head"),
    post("/path", text="hello", part="body"),
    expect(200, interim=[100]),
)


def _fault(name: str, does: str, needs: str, rewriter: Callable[[], Rewriter], *example: Step) -> Fault:
    return Fault(f"interim.{name}", Kind.INTERIM, does, needs, example or _ANY, Tamper(answers=rewriter))


def _interim(head: Head, status: int, lines: tuple[bytes, ...]) -> tuple[bytes, ...] | None:
    return lines if head.interim and head.status == status else None


def _hints(head: Head) -> Sequence[Out]:
    if head.interim or head.tunnels or head.lines[0].startswith(b"HTTP/1.0"):
        return (head.raw,)
    return (b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n", head.raw)


def _body_of_head(head: Head) -> Sequence[Out]:
    length = head.value("content-length")
    if head.asked.method != "HEAD" or not is_digits(length) or head.interim:
        return (head.raw,)
    return (head.raw + b"x" * min(whole_number(length), 64),)


FAULTS = (
    _fault(
        "continue-lost",
        "100 (Continue) is lost",
        "a request with Expect: 100-continue",
        lambda: EachHead(lambda head: () if _interim(head, 100, head.lines) else (head.raw,)),
        *_CONTINUES,
    ),
    _fault(
        "continue-doubled",
        "100 (Continue) comes twice",
        "a request with Expect: 100-continue",
        lambda: EachHead(lambda head: (head.raw, head.raw) if _interim(head, 100, head.lines) else (head.raw,)),
        *_CONTINUES,
    ),
    _fault(
        "continue-fields",
        "100 (Continue) has a field",
        "a request with Expect: 100-continue",
        lambda: Heads(lambda head: _interim(head, 100, (*head.lines, b"X-Proxy: yes"))),
        *_CONTINUES,
    ),
    _fault(
        "continue-unasked",
        "100 (Continue) comes though nobody expects it",
        "a request without Expect",
        lambda: EachHead(
            lambda head: (head.raw,) if head.interim or head.tunnels else (b"HTTP/1.1 100 Continue\r\n\r\n" + head.raw,)
        ),
    ),
    _fault("hints-added", "103 (Early Hints) is added", "any final answer", lambda: EachHead(_hints)),
    _fault(
        "head-with-content",
        "HEAD is answered with content",
        "a HEAD request",
        lambda: EachHead(_body_of_head),
        head("/path"),
        expect(200),
        ends("reusable"),
    ),
)
