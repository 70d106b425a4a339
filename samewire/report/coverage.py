"""What was compared: how many exchanges of each route, method, status and kind of answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from samewire.compare import media_type, printable
from samewire.exchange import Answered, Talked, Transcript
from samewire.replay.routes import OTHER, route_of
from samewire.result import Covered, DiffResult, PairResult

_MAX_ROWS = 2000
"""Further ones are counted in one."""
_LONGEST = 120
_AUTHORITY = re.compile("^https?://[^/?#]*", re.ASCII | re.IGNORECASE)
"""Of a target in absolute-form (RFC 9112 section 3.2.2)."""
_LINE = re.compile(rb"(?:\r?\n)*([!-~]{1,40}) +([^ \r\n]+)[^\r\n]*\r?\n")
_NO_REQUEST = "(not a request)"
_OTHERS = (OTHER, "", 0, "")


class RouteRow(NamedTuple):
    """All that was compared of one route and method."""

    route: str
    method: str
    statuses: tuple[tuple[int, int], ...]
    """Each with how often."""
    kinds: tuple[str, ...]
    times: int


def coverage(result: DiffResult) -> tuple[Covered, ...]:
    """As the run counted it, and of cases from what the old side showed; by route."""
    if result.coverage:
        return result.coverage
    found: Counter[tuple[str, str, int, str]] = Counter()
    for pair in result.pairs:
        if pair.evident:
            found.update(
                key if key in found or len(found) < _MAX_ROWS else _OTHERS for key in _seen(pair.old.transcript)
            )
    return tuple(Covered(*key, times) for key, times in sorted(found.items()))


def by_route(result: DiffResult) -> tuple[RouteRow, ...]:
    """A row for each route and method, in their order."""
    rows: dict[tuple[str, str], list[Covered]] = {}
    for covered in coverage(result):
        rows.setdefault((covered.route, covered.method), []).append(covered)
    return tuple(_row(route, method, found) for (route, method), found in sorted(rows.items()))


def routes(pair: PairResult) -> tuple[str, ...]:
    """The routes that a case asked for, in its order."""
    return tuple(dict.fromkeys(route for route, *_ in _seen(pair.old.transcript)))


def route(target: str) -> str:
    """The path of a request target with what looks like an id replaced: `/items/{}`."""
    return printable(route_of(_AUTHORITY.sub("", target))) or "/"


def _row(route: str, method: str, found: Sequence[Covered]) -> RouteRow:
    statuses: Counter[int] = Counter()
    for covered in found:
        statuses[covered.status] += covered.times
    kinds = tuple(sorted({covered.kind for covered in found if covered.kind}))
    return RouteRow(route, method, tuple(sorted(statuses.items())), kinds, statuses.total())


def _seen(transcript: Transcript) -> Iterator[tuple[str, str, int, str]]:
    talked = {seen.connection for seen in transcript.observations if isinstance(seen, Talked)}
    for seen in transcript.observations:
        if isinstance(seen, Answered) and seen.awaited is None:
            answer = seen.answer
            kind = "" if answer is None else media_type(answer) if answer.body else ""
            switched = answer is not None and answer.status == 101 and seen.connection in talked
            yield (
                *_asked(seen.sent),
                answer.status if answer else 0,
                "websocket" if switched else printable(kind[:60]),
            )


def _asked(sent: bytes) -> tuple[str, str]:
    """Route and method of the request that was sent; of what is no request line, in words."""
    line = _LINE.match(sent)
    if line is None:
        return _NO_REQUEST, ""
    method, target = line[1].decode("latin-1"), line[2].decode("latin-1")
    return (route(target) if target[:1] == "/" or "://" in target else printable(target[:_LONGEST])), method
