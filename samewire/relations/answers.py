"""Which answers of a transcript are full ones, and which are held against them."""

from __future__ import annotations

from samewire.cases.model import Case, Receive
from samewire.exchange import Answer, Answered, Transcript
from samewire.relations.full import Full


def full_answers(case: Case, transcript: Transcript) -> Full:
    """Those of the case's receive steps without a relation; a missing one leaves nothing to hold others against."""
    answers = whole_answers(transcript)
    steps = sorted(full_steps(case))
    return Full(tuple(answers[at] for at in steps) if all(at in answers for at in steps) else ())


def whole_answers(transcript: Transcript) -> dict[int, Answer]:
    """The final answers, by the steps that received them."""
    seen = (one for one in transcript.observations if isinstance(one, Answered) and one.awaited is None)
    return {one.step: one.answer for one in seen if one.answer is not None}


def full_steps(case: Case) -> frozenset[int]:
    """Of a case with relations: the receive steps that have none."""
    return frozenset(
        at for at, step in enumerate(case.steps) if isinstance(step, Receive) and step.receive.relation is None
    )
