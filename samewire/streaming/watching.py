"""Watches how one answer arrives from two servers, and says when pieces are lost on the way to the new one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from samewire.cases.model import Case, Request
from samewire.cases.reproducer import reproduce
from samewire.engine import Session
from samewire.exchange import Transcript
from samewire.launch import Running
from samewire.result import CaseRun, Difference, Grade, PairResult, Streamed
from samewire.streaming.arrival import pieces_lost, suspicious
from samewire.streaming.repeats import Ask, Sampled, sample, streaming_case

FEW = 3
"""Repeats that show whether more are needed."""
WHY = "What is sent as it is made must not be held back: whoever reads it waits for the first part."


class Watch:
    """Two servers, and how often each is asked."""

    def __init__(self, session: Session, old: Running, new: Running, repeats: int, seed: int) -> None:
        self._session = session
        self._old = old
        self._new = new
        self._repeats = repeats
        self._random = Random(seed)

    async def all_repeats(
        self, id: str, request: Request, timeout: float, told: Callable[[int], None] = lambda done: None
    ) -> tuple[PairResult, Streamed]:
        """The pair, with a difference at `arrival` if there is one, and what was found of each side."""
        case = streaming_case(id, request, timeout, WHY)
        return self._judged(case, *await self._sampled(case, self._repeats, told))

    async def if_suspicious(self, id: str, request: Request, timeout: float) -> tuple[PairResult, Streamed] | None:
        """The same; None when a few repeats show already that nothing is lost."""
        case = streaming_case(id, request, timeout, WHY)
        old, new = await self._sampled(case, FEW)
        if not suspicious(old.shares, new.shares):
            return None
        return self._judged(case, *await self._sampled(case, self._repeats))

    async def _sampled(
        self, case: Case, repeats: int, told: Callable[[int], None] = lambda done: None
    ) -> tuple[Sampled, Sampled]:
        return await sample(
            case,
            self._asking(self._old),
            self._asking(self._new),
            repeats,
            self._random,
            told,
        )

    def _asking(self, target: Running) -> Ask:
        """What is wrong with the answer otherwise is told of the case that it is for."""

        async def ask(case: Case) -> Transcript:
            return (await self._session.carry_out(case, target)).transcript

        return ask

    def _judged(self, case: Case, old: Sampled, new: Sampled) -> tuple[PairResult, Streamed]:
        one, other = old.judged, new.judged
        lost = pieces_lost(one, other)
        found = (Difference(case.id, "arrival", str(one), str(other), Grade.BREAKING),) if lost else ()
        streamed = Streamed(
            case.id, str(one.arrival), one.confidence, str(other.arrival), other.confidence, one.repeats
        )
        applied = self._session.accept(found)
        pair = PairResult(
            case=case.id,
            title=case.title,
            why=case.why,
            old=CaseRun(old.last, ()),
            new=CaseRun(new.last, ()),
            differences=applied.remaining,
            accepted=applied.accepted,
            reproducer=reproduce(case, self._new.address),
        )
        return pair, streamed
