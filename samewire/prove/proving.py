"""Starts both targets and proves the gate with all faults, or with a sample while a comparison has them running."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from samewire.allowed import may_change
from samewire.cases.model import Case
from samewire.config import Config
from samewire.engine import Progress, Session
from samewire.launch import NotStarted, Running
from samewire.prove.catalogue import FAULTS
from samewire.prove.fault import Fault
from samewire.prove.result import ProofResult
from samewire.prove.trials import Trials, prove
from samewire.serving import serving_again
from samewire.targets import Target

Stage = Callable[[str, int], Progress]
SAMPLE = (
    "status.200-to-500",
    "fields.content-type-lost",
    "fields.date-an-hour-off",
    "json.number-as-text",
    "json.member-lost",
    "content.shorter",
    "framing.length-to-chunked",
    "connection.closed-unsaid",
    "interim.hints-added",
    "events.second-lost",
    "methods.head-not-allowed",
    "leniency.blank-before-colon",
)
"""A dozen of different kinds, each of which most services' cases exercise. None of the request: whether an answer shows
what was lost of its request is the service's own affair."""
_FIRST, _ENOUGH = 32, 128
"""Cases that are rehearsed for the sample at a time, and in all."""


async def run_proof(
    config: Config, targets: tuple[Target, Target], cases: Sequence[Case], faults: Sequence[Fault], stage: Stage
) -> ProofResult:
    """All of these faults with all of these cases; a target that does not start is in the result."""
    started = time.perf_counter()
    old, new = targets
    try:
        async with serving_again(targets) as ((old_server, new_server), again):
            trials = Trials(Session(config, again=again), old_server, new_server)
            chosen = _allowed(cases, old_server, new_server)
            await trials.rehearse(chosen, stage("without a fault", len(chosen)))
            proofs = await prove(trials, faults, stage("faults", len(faults)))
    except NotStarted as error:
        return ProofResult(old.name, new.name, (), not_started=(str(error),))
    seconds = time.perf_counter() - started
    return ProofResult(old.name, new.name, proofs, len(chosen), tuple(trials.unequal), trials.unused, seconds)


async def prove_sample(
    session: Session, old: Running, new: Running, cases: Sequence[Case], progress: Progress
) -> ProofResult:
    """A dozen faults, with about as few cases as exercise them all."""
    started = time.perf_counter()
    wanted = [fault for fault in FAULTS if fault.name in SAMPLE]
    chosen = _allowed(cases, old, new)
    trials, waiting = Trials(session, old, new), list(wanted)
    mixed = list(_mixed(chosen))[:_ENOUGH]
    for start in range(0, len(mixed), _FIRST):
        await trials.rehearse(mixed[start : start + _FIRST], lambda _: None)
        waiting = [fault for fault in waiting if not trials.exercised(fault)]
        if not waiting:
            break
    proofs = await prove(trials, wanted, progress)
    seconds = time.perf_counter() - started
    return ProofResult(old.name, new.name, proofs, len(chosen), tuple(trials.unequal), trials.unused, seconds)


def _mixed(cases: Sequence[Case]) -> Iterator[Case]:
    """In turn one of each area, which is what stands before the number of an id: soon there is one of each kind."""
    areas: dict[str, list[Case]] = {}
    for case in cases:
        areas.setdefault(case.id.partition("-")[0], []).append(case)
    for turn in zip_longest(*areas.values()):
        yield from (case for case in turn if case is not None)


def _allowed(cases: Sequence[Case], old: Running, new: Running) -> list[Case]:
    """Each is carried out many times: those that change state only where that does not matter."""
    disposable = old.disposable and new.disposable
    return [case for case in cases if disposable or not may_change(case)]
