"""An example as a case: what is carried out, and what is written down of a finding."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator

from samewire.cases.model import Case, Expect, ExpectEnd, Finish, Raw, Receive, Send, Step
from samewire.cases.model import Request as CaseRequest
from samewire.fuzz.example import Example, Kind, Plain, Turn, Wire

Expected = Callable[[int], Expect]
"""What the step of that index must receive."""


def as_case(
    example: Example, id: str, *, limit: float, title: str = "generated", why: str = "generated", expected: Expected | None = None
) -> Case:  # fmt: skip
    """`limit` is the case's time-out, in seconds a step."""
    steps = tuple(_steps(example, expected or (lambda _: Expect(status=200))))
    said = {} if example.safe else {"unsafe": True}
    return Case(id=id, title=title, why=why, steps=steps, timeout=limit, **said)


def _steps(example: Example, expected: Expected) -> Iterator[Step]:
    number = 0
    for turn in example.turns:
        for step in _turn(turn):
            if isinstance(step, Receive):
                receive = expected(number).model_copy(update={"keep": dict(turn.keep)})
                step = Receive(receive=receive, on=step.on)
            yield step
            number += 1
    if example.kind is Kind.WIRE:
        yield from _ends(example)


def _turn(turn: Turn) -> Iterator[Step]:
    message = turn.message
    if isinstance(message, Plain):
        yield Send(send=_request(message), on=turn.on, delivery=turn.delivery)
    else:
        yield Send(send=Raw(bytes=message.data.decode("latin-1")), on=turn.on, delivery=turn.delivery)
    if turn.half_close:
        yield Finish(finish="half", on=turn.on)
    for _ in range(len(message.requests) if isinstance(message, Wire) else 1):
        yield Receive(receive=Expect(status=200), on=turn.on)


def _ends(example: Example) -> Iterator[Step]:
    """Whether the connection goes on is seen by asking once more: what a malformed request leaves behind shows so."""
    closed = {turn.on for turn in example.turns if turn.half_close}
    for on in dict.fromkeys(turn.on for turn in example.turns):
        yield ExpectEnd(end="closed" if on in closed else "reusable", on=on)


def _request(plain: Plain) -> CaseRequest:
    body = plain.body
    text, base64 = (None, None) if body is None else _content(body)
    return CaseRequest(
        method=plain.method,
        target=plain.target,
        headers=plain.fields,
        text=text,
        base64=base64,
        chunks=plain.chunks or None,
    )


def _content(body: bytes) -> tuple[str | None, str | None]:
    try:
        return body.decode(), None
    except UnicodeDecodeError:
        return None, b64encode(body).decode()
