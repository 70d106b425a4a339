"""Holds an answer against a case's expectation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samewire.ascii import lower
from samewire.cases.model import Expect
from samewire.check.contents import check_content, check_events, message_types
from samewire.check.filling import Filling
from samewire.check.matching import check_field
from samewire.compare.versions import HTTP_2
from samewire.exchange import Answer, Answered, Framing
from samewire.failing import failure
from samewire.result import Failure
from samewire.wire.possible import OF_THE_CONNECTION


def check_answer(expect: Expect, answered: Answered | None, filling: Filling) -> Iterator[Failure]:
    """What the answer misses, at places without a prefix; one failure when there is no answer."""
    if answered is None or answered.answer is None:
        reason = "the script did not come so far" if answered is None else f"none: {answered.failure}"
        yield failure("answer", f"status {_statuses(expect)}", reason)
        return
    yield from _check_head(expect, answered.answer, filling)
    yield from _check_interim(expect, answered)
    yield from _check_end(expect, answered, answered.answer)
    yield from _check_content(expect, answered.answer, filling)


def _check_head(expect: Expect, answer: Answer, filling: Filling) -> Iterator[Failure]:
    allowed = (expect.status,) if isinstance(expect.status, int) else expect.status
    if allowed and answer.status not in allowed:
        yield failure("status", _statuses(expect), f"{answer.status} {answer.reason}")
    over_http_2 = HTTP_2 in (answer.version, expect.version)
    if not over_http_2:
        yield from _check_status_line(expect, answer)
    for name, match in expect.headers.items():
        if not (over_http_2 and lower(name) in OF_THE_CONNECTION):
            yield from check_field(name, match, answer.values(name), filling)


def _check_status_line(expect: Expect, answer: Answer) -> Iterator[Failure]:
    """What HTTP/2 does not send."""
    if expect.reason is not None and answer.reason != expect.reason:
        yield failure("reason", expect.reason, answer.reason)
    if answer.version != expect.version:
        yield failure("version", expect.version, answer.version)


def _check_interim(expect: Expect, answered: Answered) -> Iterator[Failure]:
    statuses = tuple(answer.status for answer in answered.interim)
    if statuses != expect.interim:
        yield failure("interim", _joined(expect.interim), _joined(statuses))


def _check_end(expect: Expect, answered: Answered, answer: Answer) -> Iterator[Failure]:
    of_http_2 = Framing.STREAM in (answer.framing, expect.framing) and expect.framing != "none"
    if expect.framing is not None and answer.framing != expect.framing and not of_http_2:
        yield failure("framing", expect.framing, answer.framing)
    if answer.complete != expect.complete:
        wanted = "complete" if expect.complete else "cut off before its end"
        yield failure("complete", wanted, "complete" if answer.complete else f"incomplete: {answered.failure}")


def _check_content(expect: Expect, answer: Answer, filling: Filling) -> Iterator[Failure]:
    if expect.body is not None:
        yield from check_content(expect.body, answer, filling)
    if expect.events is not None:
        yield from check_events(expect.events, answer, filling)
    if expect.event_types is not None:
        types, pattern = message_types(answer), filling.pattern(expect.event_types)
        if re.fullmatch(pattern, types, re.ASCII) is None:
            yield failure("sse.types", pattern, types)


def _statuses(expect: Expect) -> str:
    return (
        str(expect.status) if isinstance(expect.status, int) else " or ".join(map(str, expect.status)) or "of any kind"
    )


def _joined(statuses: tuple[int, ...]) -> str:
    return " ".join(map(str, statuses)) or "none"
