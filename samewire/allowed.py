"""Which cases may be carried out on targets, and why the others are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from samewire.cases.model import Case, Raw, Send
from samewire.launch import Running
from samewire.traffic import Skipped, asks_no_change
from samewire.wire import Names, impossible, written

_NAMES = Names(run="", host="")


class Choice(NamedTuple):
    """The cases that are carried out, the ids of the others, and of those that are not possible at all, why."""

    cases: list[Case]
    skipped: tuple[str, ...]
    left_out: tuple[Skipped, ...]


def allowed(cases: Sequence[Case], targets: Sequence[Running], *, unsafe: bool = False) -> Choice:
    """Of these, for targets that serve: what may change a state that others see, or can't be said to them, is left out.

    `unsafe` allows the first on any target; on one that is not disposable it is then marked as such, so that it is asked
    for once, alone and in order.
    """
    if not all(target.disposable for target in targets):
        cases = [_marked(case) for case in cases]
        unsafe_too = unsafe
    else:
        unsafe_too = True
    of_http_1 = all(target.address.access.http == "1.1" for target in targets)
    reasons = {} if of_http_1 else {case.id: why for case in cases if (why := impossible(case))}
    chosen = [case for case in cases if case.id not in reasons and (unsafe_too or not case.unsafe)]
    kept = {case.id for case in chosen}
    skipped = tuple(case.id for case in cases if case.id not in kept)
    return Choice(chosen, skipped, tuple(Skipped(*one) for one in reasons.items()))


def may_change(case: Case) -> bool:
    """Whether it may change state on a target: as the case itself says, else by the methods that it sends."""
    if "unsafe" in case.model_fields_set:
        return case.unsafe
    said: dict[str, bytes] = defaultdict(bytes)
    for step in case.steps:
        if isinstance(step, Send):
            said[step.on] += _said(step)
    return not all(map(asks_no_change, said.values()))


def _marked(case: Case) -> Case:
    unsafe = may_change(case)
    return case if case.unsafe == unsafe else case.model_copy(update={"unsafe": unsafe})


def _said(step: Send) -> bytes:
    """What a server may read of it; bytes to the letter may go on in the next step, and a request ends its line."""
    send = step.send
    if isinstance(send, Raw):
        return send.bytes.encode("latin-1", "replace")
    line = f"{send.method} / HTTP/1.1\r\n".encode()
    try:
        return line + written(send, _NAMES).body + b"\r\n"
    except ValueError:
        return line
