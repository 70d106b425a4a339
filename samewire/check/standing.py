"""What every answer must be though no case says it: the protocol's own rules, and the invariants of a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from samewire.cases.model import TextMatch
from samewire.check.filling import Filling
from samewire.check.matching import check_field
from samewire.compare import fits, imf_fixdate
from samewire.exchange import Answer, Answered, Ended
from samewire.failing import ABSENT, failure
from samewire.result import Failure


class Invariant(BaseModel):
    """What a field of every final answer must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: str
    must: TextMatch
    targets: str = "*"
    """A glob over the names of targets."""
    cases: str = "*"
    """A glob over case ids."""
    except_cases: tuple[str, ...] = ()
    """Globs over the ids of cases that need not comply."""
    statuses: tuple[str, ...] = Field(default=("*",), min_length=1)
    """Globs over statuses: `2*`."""

    def concerns(self, case: str, target: str, answer: Answer) -> bool:
        """Whether it says something of this answer."""
        return (
            fits(self.targets, target)
            and fits(self.cases, case)
            and not any(fits(glob, case) for glob in self.except_cases)
            and any(fits(glob, str(answer.status)) for glob in self.statuses)
        )


def check_protocol(answered: Answered) -> Iterator[Failure]:
    """Grammar without a fault in interim and final answers (RFC 9112), and Date where it must be."""
    yield from _check_grammar(answered)
    if answered.answer is not None:
        yield from _check_date(answered.answer)


def check_unasked(answered: Answered) -> Iterator[Failure]:
    """Likewise of traffic, which may be of servers without a clock: they have no Date (RFC 9110 section 6.6.1)."""
    yield from _check_grammar(answered)
    if answered.answer is not None and answered.answer.values("date"):
        yield from _check_date(answered.answer)


def check_invariants(
    invariants: Sequence[Invariant], case: str, target: str, answer: Answer, filling: Filling
) -> Iterator[Failure]:
    """What an answer misses of the invariants that concern it."""
    for invariant in invariants:
        if invariant.concerns(case, target, answer):
            yield from check_field(invariant.header, invariant.must, answer.values(invariant.header), filling)


def check_surplus(ended: Ended) -> Iterator[Failure]:
    """Nothing comes after the last answer: it would be read as the next one's (RFC 9112 section 9.2)."""
    if ended.surplus:
        yield failure("surplus", "nothing after the last answer", ended.surplus.decode("latin-1"))


def _check_grammar(answered: Answered) -> Iterator[Failure]:
    for answer in (*answered.interim, *((answered.answer,) if answered.answer else ())):
        for fault in answer.faults:
            yield failure("faults", "no fault in the grammar of RFC 9112", fault)


def _check_date(answer: Answer) -> Iterator[Failure]:
    """RFC 9110 section 6.6.1: 2xx, 3xx and 4xx must have it, others may."""
    dates = answer.values("date")
    needed = 200 <= answer.status < 500
    if (needed and not dates) or len(dates) > 1 or any(imf_fixdate(date) is None for date in dates):
        yield failure("header.date", "one IMF-fixdate (RFC 9110 section 6.6.1)", ", ".join(dates) or ABSENT)
