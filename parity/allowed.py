"""Which cases may be carried out on targets, and why the others are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parity.cases.model import Case
from parity.launch import Running
from parity.traffic import Skipped
from parity.wire import impossible


class Choice(NamedTuple):
    """The cases that are carried out, the ids of the others, and of those that are not possible at all, why."""

    cases: list[Case]
    skipped: tuple[str, ...]
    left_out: tuple[Skipped, ...]


def allowed(cases: Sequence[Case], targets: Sequence[Running]) -> Choice:
    """Of these, for targets that serve: what may change a state that others see, or can't be said to them, is left out."""
    disposable = all(target.disposable for target in targets)
    of_http_1 = all(target.address.access.http == "1.1" for target in targets)
    reasons = {} if of_http_1 else {case.id: why for case in cases if (why := impossible(case))}
    chosen = [case for case in cases if case.id not in reasons and (disposable or not case.unsafe)]
    kept = {case.id for case in chosen}
    skipped = tuple(case.id for case in cases if case.id not in kept)
    return Choice(chosen, skipped, tuple(Skipped(*one) for one in reasons.items()))
