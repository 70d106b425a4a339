"""Carries out one record after the other on both targets, and sees how their connections go on."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from samewire.exchange import Answer, Answered, End, Transcript
from samewire.launch import Running
from samewire.replay.duo import NEW, OLD, Asked, Duo
from samewire.replay.ids import Carried, Sessions
from samewire.replay.judge import Again, Both, Judge
from samewire.replay.line import Went
from samewire.replay.noises import Route
from samewire.replay.requests import Origin, case_of, request_bytes
from samewire.replay.routes import route_of
from samewire.replay.seen import Seen
from samewire.replay.tally import EXAMPLES, Tally
from samewire.result import PairResult
from samewire.run import run_case
from samewire.traffic import Record
from samewire.wire import impossible

_IN_VAIN = 6
"""How often it is looked closer at how connections go on after a route's answers, if that never shows a difference."""
_SAMPLES = 3
_START = 300
"""Bytes of a raw record in which its method and target are looked for."""


class Unreached(Exception):
    """Neither target could be reached."""


class Impossible(Exception):
    """A target's version of HTTP can't say the record; the text says why."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What workers share."""

    old: Running
    new: Running
    judge: Judge
    tally: Tally
    order: random.Random
    timeout: float
    """Seconds for one answer."""
    sessions: Sessions = field(default_factory=Sessions)
    shown: Counter[Route] = field(default_factory=Counter)
    """How often it was shown that connections go on differently after an answer of this route."""
    looked: Counter[Route] = field(default_factory=Counter)

    @property
    def over_http_2(self) -> bool:
        """Whether one of them is spoken to over HTTP/2."""
        return "2" in (self.old.address.access.http, self.new.address.access.http)

    @property
    def on_lanes(self) -> bool:
        """Whether both are spoken to in clear; else each record has connections of its own, as a case has."""
        return not self.over_http_2 and self.old.address.scheme == self.new.address.scheme == "http"


Own = tuple[Record, Record]
"""A record as each side is asked it: with its own ids."""


class _Last(NamedTuple):
    """An exchange after which both connections were to go on, and whose answers were the same."""

    record: Record
    own: Own
    route: Route
    seen: tuple[Seen, Seen]


class Worker:
    """Has one connection to each target."""

    def __init__(self, ground: Ground) -> None:
        self.duo = Duo(ground.old, ground.new, ground.timeout)
        self._ground = ground
        self._origins = Origin.of(ground.old.address), Origin.of(ground.new.address)
        self._last: _Last | None = None

    async def carry_out(self, record: Record, *, safe: bool) -> None:
        """The record on both sides, judged and counted. ValueError: it can't be written; Unreached: nobody is there."""
        carried = self._ground.sessions.of(record.session) or (None if safe else Carried())
        own = carried.asked(record) if carried else (record, record)
        if record.raw is not None or not self._ground.on_lanes:
            await self._by_case(record, own, carried, safe=safe)
            return
        data = request_bytes(own[OLD], self._origins[OLD]), request_bytes(own[NEW], self._origins[NEW])
        asked = Asked(data, record.method)
        if self._last is not None:
            await self._look_back(self.duo.went)
        seen = await self._asked(asked, safe=safe)
        if carried:
            carried.learn(record, seen[OLD].answer, seen[NEW].answer)
        route = _route(record, seen[OLD].answer)
        if self._ground.judge.alike(record, route, *seen, carried):
            self._ground.tally.same(route, seen[OLD].answer)
            same = True
        else:
            both = self._ground.judge.transcripts(record, *seen)
            same = await self._judged(record, route, both, self._again(own) if safe else None, carried)
        goes_on = same and seen[OLD].end is seen[NEW].end is End.REUSABLE
        self._last = _Last(record, own, route, seen) if goes_on else None

    async def warm_up(self) -> None:
        """Learn which fields vary in every answer: it could not be learnt of what may be sent only once."""
        probe = Record("probe", target=self._ground.old.probe)
        samples = [await self._sampled(probe) for _ in range(_SAMPLES)]
        self._ground.judge.noises.learn(_route(probe, _answer(samples[0])), samples)

    async def _sampled(self, record: Record, side: int = OLD) -> Transcript:
        """What one side answers."""
        if record.raw is not None or not self._ground.on_lanes:
            return await self._run_on((self._ground.old, self._ground.new)[side], record)
        data = request_bytes(record, self._origins[side])
        seen = await self.duo.sample(side, Asked((data, data), record.method))
        return self._ground.judge.transcript(side, record, seen)

    def begin_anew(self) -> None:
        """Forget what was under way."""
        self.duo.close()
        self._last = None

    async def part(self) -> None:
        """The last request on these connections: whether they still answer."""
        if self._last is None:
            return
        await self._look_back(self.duo.went)
        if self._last is None:
            return
        probes = (Record("", target=self._ground.old.probe), Record("", target=self._ground.new.probe))
        data = request_bytes(probes[OLD], self._origins[OLD]), request_bytes(probes[NEW], self._origins[NEW])
        await self.duo.exchange(Asked(data, "GET"), new_first=False)
        await self._look_back(_broken(self.duo.broken_off))

    async def _asked(self, asked: Asked, *, safe: bool) -> tuple[Seen, Seen]:
        """Both answers. What may not be sent twice goes out on new connections: none can have been closed before."""
        if not safe:
            self.duo.close()
        old, new = await self.duo.exchange(asked, new_first=self._ground.order.random() < 0.5)
        broken = self.duo.broken_off
        if safe and (broken[OLD] or broken[NEW]):
            await self._look_back(_broken(broken))
            old = await self.duo.sample(OLD, asked) if broken[OLD] else old
            new = await self.duo.sample(NEW, asked) if broken[NEW] else new
        if old.error and new.error:
            raise Unreached
        return old, new

    def _again(self, own: Own) -> Again:
        async def again(side: int, method: str) -> Transcript:
            return await self._sampled(own[side]._replace(method=method), side)

        return again

    async def _by_case(self, record: Record, own: Own, carried: Carried | None, *, safe: bool) -> None:
        """On connections of its own, as `samewire.run` carries out cases: it sees all there is to see."""
        why = impossible(case_of(record, self._ground.timeout)) if self._ground.over_http_2 else ""
        if why:
            raise Impossible(why)
        both = await self._run_case(own)
        if both.old.error and both.new.error:
            raise Unreached

        if carried:
            carried.learn(record, _answer(both.old), _answer(both.new))
        await self._judged(record, _route(record, _answer(both.old)), both, self._again(own) if safe else None, carried)

    async def _run_case(self, own: Own) -> Both:
        ground = self._ground
        return Both(*await asyncio.gather(self._run_on(ground.old, own[OLD]), self._run_on(ground.new, own[NEW])))

    async def _run_on(self, target: Running, record: Record) -> Transcript:
        case = case_of(record, self._ground.timeout)
        seen = await run_case(case, target.name, target.address, probe=target.probe)
        return replace(seen, case=record.id)

    async def _judged(
        self, record: Record, route: Route, both: Both, again: Again | None, carried: Carried | None
    ) -> bool:
        """Whether they are the same; counted as one exchange."""
        pair = await self._ground.judge.judged(record, route, both, again, carried)
        self._ground.tally.add(pair, route, _answer(both.old), lambda kept: self._ground.judge.finished(record, kept))
        return not pair.differences

    async def _look_back(self, went: tuple[Went, Went] | None) -> None:
        """Whether the connections went on differently after the last answers, which did not say that they would not.

        That is looked at again on connections of their own, where it may be: a server may close an idle one at any time.
        """
        last, ground = self._last, self._ground
        if last is None or went is None or went[OLD] == went[NEW]:
            return
        self._last = None
        ground.looked[last.route] += 1
        if not ground.shown[last.route] and ground.looked[last.route] > _IN_VAIN:
            return
        if last.record.safe and ground.shown[last.route] < EXAMPLES:
            pair = await self._seen_closely(last)
        else:
            seen = [side._replace(end=how.end, surplus=how.stray) for side, how in zip(last.seen, went, strict=True)]
            pair = await ground.judge.judged(
                last.record, last.route, ground.judge.transcripts(last.record, *seen), None
            )
        if pair.differences:
            ground.shown[last.route] += 1
            ground.tally.changed_after_all(pair, lambda kept: ground.judge.finished(last.record, kept))

    async def _seen_closely(self, last: _Last) -> PairResult:
        both = await self._run_case(last.own)
        return await self._ground.judge.judged(last.record, last.route, both, None, self._carried(last))

    def _carried(self, last: _Last) -> Carried | None:
        return self._ground.sessions.of(last.record.session)


def _route(record: Record, answer: Answer | None) -> Route:
    method, target = record.method, record.target
    if record.raw is not None:
        method, _, rest = record.raw[:_START].decode("latin-1").lstrip("\r\n").partition(" ")
        target = rest.split(" ")[0].split("\r")[0]
    return Route(method, route_of(target), answer.status if answer else 0)


def _answer(transcript: Transcript) -> Answer | None:
    return next((seen.answer for seen in transcript.observations if isinstance(seen, Answered)), None)


def _broken(sides: tuple[bool, bool]) -> tuple[Went, Went]:
    old, new = (Went(End.CLOSED) if broken else Went() for broken in sides)
    return old, new
