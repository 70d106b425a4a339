"""Holds an answer against the full answers of its case, as its relation says."""

from __future__ import annotations

from collections.abc import Iterator

from samewire.ascii import lower
from samewire.cases.model import Case, Receive, Request, Send
from samewire.check.filling import Filling
from samewire.exchange import Answer, Transcript
from samewire.relations import Related, held
from samewire.relations.answers import full_answers, whole_answers
from samewire.result import Failure


def check_relation(case: Case, index: int, transcript: Transcript, filling: Filling) -> Iterator[Failure]:
    """What the answer of that receive step misses, at places without a prefix; nothing when it has no relation."""
    step = case.steps[index]
    if not isinstance(step, Receive) or step.receive.relation is None:
        return
    answers = whole_answers(transcript)
    if index in answers:
        related = Related(answers[index], _asked(case, index, filling), _earlier(case, index, answers))
        yield from held(step.receive.relation, full_answers(case, transcript), related)


def _asked(case: Case, index: int, filling: Filling) -> dict[str, str]:
    """The fields of the request that the step's answer is for, with what this run put into them."""
    before = reversed(case.steps[:index])
    sent = (step.send for step in before if isinstance(step, Send) and step.on == case.steps[index].on)
    request = next((send for send in sent if isinstance(send, Request)), None)
    return {lower(name): filling.text(value) for name, value in request.headers} if request else {}


def _earlier(case: Case, index: int, answers: dict[int, Answer]) -> tuple[int, ...]:
    related = (at for at, step in enumerate(case.steps[:index]) if isinstance(step, Receive) and step.receive.relation)
    return tuple(answers[at].status for at in related if at in answers)
