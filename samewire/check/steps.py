"""Holds what was observed of a case against what the case expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from samewire.cases.model import Await, Case, ExpectEnd, Heard, Receive
from samewire.check.answers import check_answer
from samewire.check.filling import Filling, kept
from samewire.check.heard import check_heard
from samewire.check.relation import check_relation
from samewire.check.standing import Invariant, check_invariants, check_protocol, check_surplus
from samewire.compare import hide, pairing
from samewire.exchange import Answered, End, Ended, Talked, Transcript
from samewire.failing import failure
from samewire.result import Failure


def check(
    case: Case, transcript: Transcript, authority: str, *, invariants: Sequence[Invariant] = ()
) -> tuple[Failure, ...]:
    """Every expectation of the case, of the protocol and of the service that the transcript does not meet.

    Places are named as in a comparison. Pure, and raises for nothing that a server may have sent. A transcript in
    error has no failures: nothing was observed.
    """
    if transcript.error:
        return ()
    filling = Filling(transcript.run, authority, tuple(kept(case, transcript)))
    failures = [*_steps(case, transcript, filling), *_standing(case, transcript, filling, invariants)]
    return tuple(dict.fromkeys(_hidden(one, transcript.secrets) for one in failures))


def _hidden(failure: Failure, secrets: Sequence[str]) -> Failure:
    """Without the target's credentials, should the server have echoed them."""
    if not secrets:
        return failure
    place, expected, got = (hide(text, secrets) for text in (failure.place, failure.expected, failure.got))
    return Failure(place, expected, got)


def _steps(case: Case, transcript: Transcript, filling: Filling) -> Iterator[Failure]:
    prefixes = {pair.old.step: pair.prefix for pair in pairing.answers(transcript, transcript) if pair.old}
    heard: dict[str, int] = {}
    for index, step in enumerate(case.steps):
        seen = [observation for observation in transcript.observations if observation.step == index]
        match step:
            case Receive(receive=expect):
                answered = next((one for one in seen if isinstance(one, Answered)), None)
                yield from _inside(prefixes.get(index, ""), check_answer(expect, answered, filling))
                yield from _inside(prefixes.get(index, ""), check_relation(case, index, transcript, filling))
            case Await():
                answered = next((one for one in seen if isinstance(one, Answered)), None)
                yield from _inside(prefixes.get(index, ""), _check_arrival(step, answered))
            case ExpectEnd(end=end, on=on):
                ended = next((one for one in seen if isinstance(one, Ended)), None)
                yield from _inside(_connection(on), _check_end(end, ended))
            case Heard(on=on):
                place = f"messages[{heard.setdefault(on, 0)}]"
                heard[on] += 1
                talked = next((one for one in seen if isinstance(one, Talked)), None)
                yield from _inside(_connection(on), check_heard(place, step, talked, filling))


def _check_arrival(step: Await, answered: Answered | None) -> Iterator[Failure]:
    """What was awaited must come while the answer is under way, or it was buffered."""
    wanted = f"{step.count} {step.awaits} while the answer is under way"
    if answered is None:
        yield failure("arrival", wanted, "the script did not come so far")
    elif answered.failure:
        yield failure("arrival", wanted, f"{answered.awaited or 0}, then {answered.failure}")
    elif step.status is not None and step.status not in (statuses := [one.status for one in answered.interim]):
        yield failure("interim", str(step.status), " ".join(map(str, statuses)) or "none")


def _check_end(expected: str, ended: Ended | None) -> Iterator[Failure]:
    if ended is None or ended.end != expected:
        yield failure("connection", expected, ended.end if ended else "the script did not come so far")


def _standing(
    case: Case, transcript: Transcript, filling: Filling, invariants: Sequence[Invariant]
) -> Iterator[Failure]:
    for pair in pairing.answers(transcript, transcript):
        if pair.old is None or pair.continued:
            continue
        yield from _inside(pair.prefix, check_protocol(pair.old))
        if pair.old.answer is not None:
            found = check_invariants(invariants, case.id, transcript.target, pair.old.answer, filling)
            yield from _inside(pair.prefix, found)
    for ended in transcript.observations:
        if isinstance(ended, Ended) and ended.end is not End.LEFT:
            yield from _inside(_connection(ended.connection), check_surplus(ended))


def _connection(name: str) -> str:
    return "" if name == "main" else f"on[{name}]."


def _inside(prefix: str, failures: Iterable[Failure]) -> Iterator[Failure]:
    return (replace(one, place=prefix + one.place) for one in failures)
