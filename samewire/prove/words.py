"""What the injected faults showed, in plain text: the table, the share, and what would catch what was missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from samewire.cases.yaml_file import write
from samewire.prove.result import Outcome, Proof, ProofResult


def lines(result: ProofResult) -> Iterator[str]:
    """All of it, the verdict last."""
    yield from result.not_started
    if result.not_started:
        return
    for kind, proofs in groupby(result.faults, key=lambda proof: proof.fault.kind):
        yield from _table(f"{kind}:", tuple(proofs))
    if result.controls:
        yield from _table("Harmless changes, which must not be reported:", result.controls)
    yield from _remedies(result)
    if result.unequal:
        yield f"not used, because they differ or fail without any fault: {', '.join(result.unequal)}"
    if result.unused:
        yield f"not used, because all that passed in the others filled the memory set aside: {_cases(result.unused)}"
    yield verdict_line(result)


def verdict_line(result: ProofResult) -> str:
    """`gate: 12 of 12 injected faults caught`, and what else needs saying; one line."""
    if result.not_started:
        return "gate: not tried, a target did not start"
    if not result.exercised:
        return "gate: no evidence, none of the injected faults was exercised by the given cases"
    reported = sum(proof.outcome is Outcome.REPORTED for proof in result.controls)
    others = (
        (result.exercised - result.caught, "missed"),
        (len(result.faults) - result.exercised, "not exercised"),
        (reported, "false alarm" if reported == 1 else "false alarms"),
    )
    share = f"gate: {result.caught} of {result.exercised} injected faults caught ({_percent(result)})"
    return ", ".join((share, *(f"{number} {what}" for number, what in others if number)))


def remedy(proof: Proof) -> str:
    """What was missed or not exercised, and a case that would catch it, ready to paste."""
    fault = proof.fault
    if fault.harmless:
        return f"{fault.name}: {fault.does}: {proof.case} reports it at {proof.place}, and it is no difference"
    why = f"missed by {_cases(proof.tried)}, first {proof.case}" if proof.outcome is Outcome.MISSED else proof.outcome
    return f"{fault.name}: {fault.does}: {why}\n  it takes {fault.needs}; in YAML:\n{_indented(write([fault.case()]))}"


def _percent(result: ProofResult) -> str:
    return f"{100 * result.caught // result.exercised} %"


def _table(title: str, proofs: Sequence[Proof]) -> Iterator[str]:
    yield title
    width = max(len(proof.fault.name) for proof in proofs)
    for proof in proofs:
        yield f"  {proof.outcome:13} {proof.fault.name:{width}}  {_detail(proof)}"
    yield ""


def _detail(proof: Proof) -> str:
    match proof.outcome:
        case Outcome.CAUGHT | Outcome.REPORTED:
            by = f" (by {proof.by})" if proof.by == "expectation" else ""
            return f"{proof.case} at {proof.place}{by}"
        case Outcome.NOT_EXERCISED:
            return f"takes {proof.fault.needs}"
        case _:
            return f"in {_cases(proof.tried)}"


def _remedies(result: ProofResult) -> Iterator[str]:
    yield from _each(proof for proof in result.faults if proof.outcome is Outcome.MISSED)
    unexercised = [proof for proof in result.faults if proof.outcome is Outcome.NOT_EXERCISED]
    yield from _each(unexercised[:_SHOWN])
    if len(unexercised) > _SHOWN:
        rest = ", ".join(proof.fault.name for proof in unexercised[_SHOWN:])
        yield f"not exercised, too, and what they take is in the table and the JSON: {rest}"
    for proof in result.controls:
        if proof.outcome is Outcome.REPORTED:
            yield remedy(proof)


def _each(proofs: Iterable[Proof]) -> Iterator[str]:
    for proof in proofs:
        yield remedy(proof)


_SHOWN = 5


def _cases(number: int) -> str:
    return f"{number} case{'' if number == 1 else 's'}"


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
