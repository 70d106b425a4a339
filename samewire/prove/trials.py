"""Injects faults one at a time between the harness and the new server, and sees whether the comparison notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from samewire.cases.model import Await, Case, Finish
from samewire.engine import Done, Progress, Session
from samewire.launch import Running
from samewire.prove.channel import Tamper
from samewire.prove.fault import Fault
from samewire.prove.recording import Recording
from samewire.prove.relay import relayed
from samewire.prove.result import Outcome, Proof
from samewire.result import CaseRun, Difference

_AT_ONCE = 16
_FAULTS_AT_ONCE = 24
_LEAST_PATIENCE = 2.0
_FRESH = 40.0
"""Seconds for which what the old target showed is compared: its dates must be near those of the new one."""
_WAVES = (1, 3, 8, 20, 40, 200, 2000)
"""So many cases at a time are tried with a fault, until one sees it. A fault that none of them sees is missed."""
_MOST = 512 * 1024 * 1024
"""Bytes that are kept of all cases."""
_CONTROLS = 12
"""Cases that are tried with each harmless change."""
_NOTHING = Tamper()


class Rehearsal(NamedTuple):
    """A case on both targets through the proxy, without a fault."""

    case: Case
    old: CaseRun
    recordings: tuple[Recording, ...]
    seconds: float
    echoes: float
    """How much of what it sends its answers show, from 0 to 1."""

    @property
    def awaits(self) -> bool:
        """Whether it sees when something arrives."""
        return any(isinstance(step, Await) for step in self.case.steps)

    @property
    def leaves(self) -> bool:
        """Whether it ends a connection, and goes on with another."""
        left = [step.on for step in self.case.steps if isinstance(step, Finish) and step.finish != "half"]
        return bool(left) and self.case.steps[-1].on not in left

    def exercises(self, fault: Fault) -> bool:
        """Whether the fault would change anything that this case gets to see."""
        if fault.tamper.hides:
            return self.leaves
        if fault.tamper.holds and not self.awaits:
            return False
        return any(recording.would_change(fault.tamper) for recording in self.recordings)


class Trials:
    """Two targets, and the cases that were rehearsed on them."""

    def __init__(self, session: Session, old: Running, new: Running) -> None:
        self._session = session
        self._old = old
        self._new = new
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self.rehearsals: list[Rehearsal] = []
        """Of cases that are the same on both, the quickest first."""
        self.unused = 0
        """Cases that are the same, and whose recordings there was no room for."""
        self._kept = 0
        self.unequal: list[str] = []

    async def rehearse(self, cases: Sequence[Case], progress: Progress) -> None:
        """Carry out these cases without a fault."""
        done = 0

        async def one(case: Case) -> None:
            nonlocal done
            async with self._slots:
                right = await self._rehearse(case)
            done += 1
            progress(Done(case.id, right, done, len(cases)))

        await asyncio.gather(*map(one, sorted(cases, key=lambda case: case.unsafe)))
        self.rehearsals.sort(key=lambda rehearsal: (rehearsal.awaits, rehearsal.seconds))

    async def prove(self, fault: Fault) -> Proof:
        """Try the fault with one case after another that exercises it, until one sees it."""
        exercising = self._exercising(fault)
        if fault.harmless:
            return await self._control(fault, exercising)
        tried, first = 0, ""
        for size in _WAVES:
            wave = list(islice(exercising, size))
            found = await asyncio.gather(*(self._try(fault, rehearsal) for rehearsal in wave))
            tried += len(wave)
            first = first or (wave[0].case.id if wave else "")
            seen = next((proof for proof in found if proof is not None), None)
            if seen is not None:
                return replace(seen, tried=tried)
            if len(wave) < size:
                break
        return Proof(fault, Outcome.MISSED if tried else Outcome.NOT_EXERCISED, tried, first)

    def exercised(self, fault: Fault) -> bool:
        """Whether a case that was rehearsed exercises it."""
        return next(self._exercising(fault), None) is not None

    async def _control(self, fault: Fault, exercising: Iterator[Rehearsal]) -> Proof:
        wave = list(islice(exercising, _CONTROLS))
        found = await asyncio.gather(*(self._try(fault, rehearsal) for rehearsal in wave))
        seen = next((proof for proof in found if proof is not None), None)
        if seen is not None:
            return replace(seen, outcome=Outcome.REPORTED, tried=len(wave))
        return Proof(fault, Outcome.QUIET if wave else Outcome.NOT_EXERCISED, len(wave))

    def _exercising(self, fault: Fault) -> Iterator[Rehearsal]:
        """The likeliest to see it first: the quick ones; of what is done to requests, those whose answers show them."""
        ordered: Sequence[Rehearsal] = self.rehearsals
        if fault.tamper.requests is not None or fault.tamper.sent is not None:
            ordered = sorted(ordered, key=lambda rehearsal: (rehearsal.awaits, -rehearsal.echoes))
        return (rehearsal for rehearsal in ordered if rehearsal.exercises(fault))

    async def _rehearse(self, case: Case) -> bool:
        await self._session.acquaint(case, self._old, self._new)
        old = await self._session.run(case, self._old)
        started = time.perf_counter()
        seen, recordings = await self._carry_out(case, old, _NOTHING, "")
        if seen is not None or old.transcript.error or not old.transcript.observations:
            self.unequal.append(case.id)
            return False
        echoes = max((recording.echoes for recording in recordings), default=0.0)
        self._kept += sum(recording.size for recording in recordings)
        if self._kept > _MOST:
            self.unused += 1
            return True
        self.rehearsals.append(Rehearsal(case, old, recordings, time.perf_counter() - started, echoes))
        return True

    async def _try(self, fault: Fault, rehearsal: Rehearsal) -> Proof | None:
        """What the case shows with the fault; None when it shows nothing."""
        limit = rehearsal.case.timeout if fault.harmless else _patience(rehearsal)
        case = rehearsal.case.model_copy(update={"timeout": limit})
        async with self._slots:
            seen, _ = await self._carry_out(case, await self._fresh(rehearsal), fault.tamper, fault.beside)
        return None if seen is None else Proof(fault, Outcome.CAUGHT, 1, case.id, *seen)

    async def _fresh(self, rehearsal: Rehearsal) -> CaseRun:
        """The case on the old target, not so long ago that its dates are others."""
        if time.time() - rehearsal.old.transcript.began < _FRESH:
            return rehearsal.old
        return await self._session.carry_out(rehearsal.case, self._old)

    async def _carry_out(
        self, case: Case, old: CaseRun, tamper: Tamper, beside: str
    ) -> tuple[tuple[str, str] | None, tuple[Recording, ...]]:
        """Where the new side, behind a proxy that tampers, is found wrong, and what passed through the proxy."""
        async with relayed(self._new.address, tamper, self._new.probe) as relay:
            new = await self._session.carry_out(case, replace(self._new, address=relay.address))
        found = [one for one in self._session.judge(old, new).remaining if not (beside and one.place.endswith(beside))]
        return noticed(found, old, new), tuple(relay.recordings)


def noticed(differences: Sequence[Difference], old: CaseRun, new: CaseRun) -> tuple[str, str] | None:
    """Where two runs differ, or where only the new one is not what the case expects, and which of the two saw it."""
    if differences:
        return differences[0].place, "comparison"
    if new.transcript.error:
        return "error", "comparison"
    known = {failure.place for failure in old.failures}
    return next(((failure.place, "expectation") for failure in new.failures if failure.place not in known), None)


def _patience(rehearsal: Rehearsal) -> float:
    """Seconds for one step of a case that may wait in vain: many times what it took without a fault."""
    return min(rehearsal.case.timeout, max(_LEAST_PATIENCE, 20 * rehearsal.seconds))


async def prove(trials: Trials, faults: Sequence[Fault], progress: Progress) -> tuple[Proof, ...]:
    """What became of each fault, in their order; several at once."""
    slots, done = asyncio.Semaphore(_FAULTS_AT_ONCE), 0

    async def one(fault: Fault) -> Proof:
        nonlocal done
        async with slots:
            proof = await trials.prove(fault)
        done += 1
        progress(Done(fault.name, proof.right, done, len(faults)))
        return proof

    return tuple(await asyncio.gather(*map(one, faults)))
