"""Finds what differs in two plain answers without the whole comparison; that one is asked whenever this is not sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from samewire.address import Address
from samewire.ascii import lower
from samewire.compare.bodies import compare_bodies
from samewire.compare.delta import Delta
from samewire.compare.redact import credentials
from samewire.compare.views import View, media_type
from samewire.exchange import Answer, Field
from samewire.replay.seen import Seen

Compared = Callable[[View, View], Sequence[Delta]]
"""Finds what differs in two contents."""
_STRUCTURED = "set-cookie"
"""The field whose value has parts that are compared one by one."""


def names_in_bytes(address: Address) -> tuple[bytes, ...]:
    """What the comparison gives names to: where it stands in an answer, bytes say too little."""
    texts = (address.authority, quote(address.authority, safe=""), *credentials(address.access.secrets))
    return tuple(text.encode("latin-1", "replace") for text in dict.fromkeys(texts) if text)


def deltas(
    old: Seen, new: Seen, names: tuple[tuple[bytes, ...], tuple[bytes, ...]], compared: Compared = compare_bodies
) -> list[Delta] | None:
    """What `compare` finds before rules are applied; None when only `compare` can tell.

    `compared` must find what `compare_bodies` finds.
    """
    if not old.plain or not new.plain or old.answer is None or new.answer is None:
        return None
    for side, texts in zip((old, new), names, strict=True):
        for text in texts:
            if text in side.plain:
                return None
    if old.plain == new.plain:
        return []
    return _of_answers(old.answer, new.answer, compared)


def _of_answers(old: Answer, new: Answer, compared: Compared) -> list[Delta] | None:
    if old.status != new.status or old.reason != new.reason or old.framing is not new.framing:
        return None
    found: list[Delta] = []
    if old.fields != new.fields:
        differing = _differing(old.fields, new.fields)
        if differing is None:
            return None
        found += differing
    if old.body != new.body:
        mine, theirs = _view(old), _view(new)
        if mine is None or theirs is None:
            return None
        found += compared(mine, theirs)
    return found


def _differing(old: tuple[Field, ...], new: tuple[Field, ...]) -> list[Delta] | None:
    """The lines that differ in their values alone; None when more differs, or when one of their names repeats."""
    if len(old) != len(new):
        return None
    found: dict[str, Delta] = {}
    names = []
    for (name, mine), (other, theirs) in zip(old, new, strict=True):
        if name != other:
            return None
        known = lower(name)
        names.append(known)
        if mine != theirs:
            found[known] = Delta(f"header.{known}", (mine,), (theirs,), field=known)
    repeated = any(names.count(name) > 1 for name in found)
    return None if repeated or _STRUCTURED in found else list(found.values())


def _view(answer: Answer) -> View | None:
    """As `compare` sees it; None where the content has a coding."""
    if answer.values("content-encoding"):
        return None
    return View(answer, answer.fields, (), answer.body, answer.body, media_type(answer))
