"""A finding as a case that fails while the difference is there, and as a line for a shell; nothing here writes a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from samewire.cases.model import Case, Expect, ExpectEnd, Receive, Step
from samewire.exchange import Answered, Ended, Transcript
from samewire.fuzz.as_case import as_case
from samewire.fuzz.asking import ALONE
from samewire.fuzz.causes import name_of
from samewire.fuzz.findings import Finding
from samewire.fuzz.secrets import without_secrets
from samewire.result import CaseRun, Difference, PairResult

_LASTING = ("reusable", "closed", "reset")


def regression(finding: Finding, id: str, seed: int, known_secrets: frozenset[str] = frozenset()) -> Case:
    """The case; what the old server did is what it expects."""
    seen = finding.seen
    example = without_secrets(seen.example, known_secrets)
    case = as_case(example, id, limit=ALONE if seen.waited else 5.0, title=_title(finding), why=_why(finding, seed))
    return case.model_copy(update={"steps": tuple(_expecting(case.steps, seen.old))})


def plain(case: Case, old: Transcript) -> Case:
    """The same with its steps as they were generated, for where an expectation leaves nothing to compare."""
    answers = _answers(old)
    steps = [
        _expecting_status(step, answers[0].pop(0)) if isinstance(step, Receive) and answers[0] else step
        for step in case.steps
    ]
    return case.model_copy(update={"steps": tuple(steps)})


def pair(finding: Finding, case: Case, reproducer: str) -> PairResult:
    """The finding as every report reads it."""
    seen = finding.seen
    return PairResult(
        case=case.id,
        title=case.title,
        why=case.why,
        old=CaseRun(replace(seen.old, case=case.id), ()),
        new=CaseRun(replace(seen.new, case=case.id), ()),
        # what follows from a difference of status is seen in the transcripts and would hide it among the causes
        differences=tuple(replace(difference, case=case.id) for difference in seen.causes.values()),
        accepted=seen.accepted,
        reproducer=reproducer,
    )


def _title(finding: Finding) -> str:
    breaches = ", ".join(sorted(trait for trait in finding.traits if " /" not in trait))
    return f"{name_of(finding.seen.example)}{f' ({breaches})' if breaches else ''} is answered as {finding.seen.old.target} answers it"


def _why(finding: Finding, seed: int) -> str:
    shown = "; ".join(_change(difference) for difference in list(finding.seen.causes.values())[:-4:-1])
    count = max(finding.count, 1)
    times = f"{count} example{'' if count == 1 else 's'}"
    return (
        f"Found by samewire fuzz, seed {seed}, in {times}: {shown}. "
        f"What {finding.seen.old.target} did is the reference; that it is right is not known."
    )


def _change(difference: Difference) -> str:
    return f"{difference.place}: {difference.old[:80]} -> {difference.new[:80]}"


def _answers(old: Transcript) -> tuple[list[Answered], dict[str, Ended]]:
    answered = [seen for seen in old.observations if isinstance(seen, Answered)]
    return answered, {seen.connection: seen for seen in old.observations if isinstance(seen, Ended)}


def _expecting(steps: Sequence[Step], old: Transcript) -> Iterator[Step]:
    """What was not answered is expected to end as it ended, and to end there."""
    answers, ends = _answers(old)
    over = set[str]()
    for step in steps:
        match step:
            case Receive() if step.on in over:
                answers[:1] = []
            case Receive():
                answered = answers.pop(0) if answers else None
                end = str(ends[step.on].end) if step.on in ends else ""
                if answered is not None and answered.answer is None and end in ("closed", "reset"):
                    over.add(step.on)
                    yield ExpectEnd.model_validate({"end": end, "on": step.on})
                else:
                    yield step if answered is None else _expecting_status(step, answered)
            case ExpectEnd():
                end = str(ends[step.on].end) if step.on in ends else ""
                if step.on not in over and end in _LASTING:
                    yield ExpectEnd.model_validate({"end": end, "on": step.on})
            case _:
                yield step


def _expecting_status(step: Receive, answered: Answered) -> Receive:
    answer = answered.answer
    if answer is None:
        return step
    interim = tuple(one.status for one in answered.interim)
    expect = Expect(
        status=answer.status,
        version=answer.version,
        interim=interim,
        complete=answer.complete,
        keep=step.receive.keep,
    )
    return Receive(receive=expect, on=step.on)
