"""Compares two transcripts of one case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple, Protocol

from samewire.compare import pairing, versions
from samewire.compare.answers import Both, compare_answered, compare_arrival, presence
from samewire.compare.contents import compare_content
from samewire.compare.delta import Delta, differ, sides, texts
from samewire.compare.grades import grade
from samewire.compare.line_diff import line_diff
from samewire.compare.messages import compare_messages
from samewire.compare.redact import hide
from samewire.compare.rules import Answers, Excuses, Rule
from samewire.compare.shown import shown_place
from samewire.compare.views import Names
from samewire.exchange import Answered, Ended, Transcript
from samewire.result import Difference, Grade

MAX_DIFFERENCES = 200
"""Of one case; a last one at `more` says how many there were."""


class Noise(Protocol):
    """What is known of places whose values vary from answer to answer."""

    def tolerates(self, place: str, delta: Delta, old: Transcript, new: Transcript, answers: Answers) -> bool:
        """Whether both sides are what values at this place are known to be; `place` is whole, with its prefix."""


class Found(NamedTuple):
    """A delta, where it stands, and the answers it is about."""

    prefix: str
    delta: Delta
    answers: Answers = (None, None)

    @property
    def place(self) -> str:
        return self.prefix + self.delta.place


def compare(
    old: Transcript, new: Transcript, rules: Sequence[Rule], noise: Noise | None = None
) -> tuple[Difference, ...]:
    """Every difference between two transcripts of one case that neither rule nor noise explains, in their order.

    Pure, and raises for nothing that a server may have sent. Two transcripts that are both in error have no
    difference: nothing was observed.
    """
    return differences(deltas(old, new, rules), old, new, noise)


def differences(
    found: Iterable[Found], old: Transcript, new: Transcript, noise: Noise | None = None
) -> tuple[Difference, ...]:
    """Of the deltas between two transcripts, those that noise does not explain, as they may be shown."""
    secrets = old.secrets + new.secrets
    left = (
        _difference(old.case, item, secrets)
        for item in found
        if noise is None or not noise.tolerates(item.place, item.delta, old, new, item.answers)
    )
    return _bounded(old.case, tuple(dict.fromkeys(left)))


def _difference(case: str, item: Found, secrets: Sequence[str]) -> Difference:
    place = shown_place(hide(item.place, secrets))
    return Difference(case, place, *shown_sides(item, secrets), grade(item.delta), _shown_lines(item.delta, secrets))


def _shown_lines(delta: Delta, secrets: Sequence[str]) -> str:
    """Hidden before anything is cut: half a secret is none that is found."""
    if delta.secret or delta.seen or not all("\n" in "".join(side) for side in (delta.old, delta.new)):
        return ""
    old, new = texts(delta)
    return line_diff(hide(old, secrets), hide(new, secrets))


def shown_sides(item: Found, secrets: Sequence[str]) -> tuple[str, str]:
    """Both sides as they may be shown; credentials have their name by now but where no name is looked for."""
    old, new = sides(item.delta)
    return hide(old, secrets), hide(new, secrets)


def deltas(old: Transcript, new: Transcript, rules: Sequence[Rule]) -> Iterator[Found]:
    """Where two transcripts part and no rule excuses it, with both sides in full: what noise is learnt from."""
    excuses, parted = Excuses(rules, old.case), versions.parted(old, new)
    found = (item for item in _found(old, new) if not (parted and versions.makes(item.delta)))
    return (item for item in found if not excuses.excuse(item.place, item.delta, item.answers))


def _found(old: Transcript, new: Transcript) -> Iterator[Found]:
    if old.error or new.error:
        if not (old.error and new.error):
            yield from (Found("", delta) for delta in differ("error", old.error or None, new.error or None))
        return
    names = Names.of(old), Names.of(new)
    for pair in pairing.answers(old, new):
        answers = pair.old.answer if pair.old else None, pair.new.answer if pair.new else None
        yield from (Found(pair.prefix, delta, answers) for delta in _answer(pair, names))
    for connection in pairing.connections(old, new):
        prefix = "" if connection == "main" else f"on[{connection}]."
        yield from (Found(prefix, delta) for delta in _connection(connection, old, new, names))


def _answer(pair: pairing.Pair, names: Both) -> Iterator[Delta]:
    if pair.old is None or pair.new is None:
        yield Delta("answer", _presence(pair.old), _presence(pair.new))
        return
    if pair.awaited:
        yield from compare_arrival(pair.old, pair.new)
    if not pair.continued:
        yield from compare_answered(pair.old, pair.new, names, whole=not pair.awaited)


def _presence(side: Answered | None) -> tuple[str, ...]:
    return () if side is None else (presence(side),)


def _connection(connection: str, old: Transcript, new: Transcript, names: Both) -> Iterator[Delta]:
    heard = pairing.messages(old, connection), pairing.messages(new, connection)
    yield from compare_messages(*heard, names)
    yield from differ("messages.failure", *("; ".join(pairing.silences(side, connection)) for side in (old, new)))
    yield from _ends(pairing.ends(old, connection), pairing.ends(new, connection), names)


def _ends(old: Iterable[Ended], new: Iterable[Ended], names: Both) -> Iterator[Delta]:
    for mine, theirs in zip_longest(old, new):
        yield from differ("connection", mine and mine.end, theirs and theirs.end)
        if mine and theirs:
            yield from differ("close", _said(mine), _said(theirs))
            yield from compare_content("surplus", names[0].data(mine.surplus), names[1].data(theirs.surplus))


def _said(ended: Ended) -> str | None:
    """Code and reason of a Close frame that came by itself."""
    if ended.close is None:
        return None
    reason = ended.close.data.decode("utf-8", "replace")
    return f"{'no code' if ended.close.code is None else ended.close.code} {reason}".rstrip(" ")


def _bounded(case: str, found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    if len(found) <= MAX_DIFFERENCES:
        return found
    rest = len(found) - MAX_DIFFERENCES
    return (*found[:MAX_DIFFERENCES], Difference(case, "more", "", f"{rest} further differences", Grade.BREAKING))
