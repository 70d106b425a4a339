"""Which relations a server's answers exercised: a relation that it knows nothing of is no failure, and no evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from samewire.cases.model import Case, Receive, Relation
from samewire.exchange import Answer, Transcript
from samewire.relations.answers import full_answers, whole_answers
from samewire.result import Exercised

_SHOWN: dict[Relation, Callable[[Answer], bool]] = {
    "head": lambda answer: True,
    "options": lambda answer: bool(answer.values("allow")),
    "not-modified": lambda answer: answer.status == 304,
    "refused": lambda answer: answer.status == 412,
    "range": lambda answer: answer.status in (206, 416),
    "coding": lambda answer: bool(answer.values("content-encoding")),
    "whole": lambda answer: True,
}


class _Seen(NamedTuple):
    shown: bool
    varied: bool


def exercised(runs: Iterable[tuple[Case, Transcript]]) -> tuple[Exercised, ...]:
    """Of derived cases: how often each kind was asked for on each target, in the order in which they come."""
    asked: dict[tuple[str, str], list[_Seen]] = {}
    for case, transcript in runs:
        if (seen := _seen(case, transcript)) is not None:
            asked.setdefault((case.id.rpartition(".")[2], transcript.target), []).append(seen)
    return tuple(
        Exercised(*key, len(seen), sum(one.shown for one in seen), sum(one.varied for one in seen))
        for key, seen in asked.items()
    )


def _seen(case: Case, transcript: Transcript) -> _Seen | None:
    """None when the related answer or a full one is missing."""
    full, related = full_answers(case, transcript), _related(case, transcript)
    if related is None or not full.judged:
        return None
    relation, answer = related
    return _Seen(_SHOWN[relation](answer), full.content is None)


def _related(case: Case, transcript: Transcript) -> tuple[Relation, Answer] | None:
    """The last one: those before it only show what the server supports."""
    answers = whole_answers(transcript)
    found = [
        (step.receive.relation, answers[at])
        for at, step in enumerate(case.steps)
        if isinstance(step, Receive) and step.receive.relation is not None and at in answers
    ]
    return found[-1] if found else None
