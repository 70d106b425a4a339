"""What a session carries from answer to request: ids, and cookies, of each side its own."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import NamedTuple

from samewire.ascii import strip
from samewire.compare import Answers, Delta
from samewire.compare.transcripts import Noise
from samewire.exchange import Answer, Framing, Transcript
from samewire.replay.ids.fill import filled
from samewire.replay.ids.places import places
from samewire.replay.ids.table import Own, Table
from samewire.replay.ids.tokens import NUMBER, aligned, form, is_named
from samewire.traffic import Record, RecordedAnswer

_MOST_SESSIONS = 1000
_MOST_COOKIES = 100


class Carried:
    """The memory of one session."""

    def __init__(self) -> None:
        self._table = Table()
        self._cookies: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def asked(self, record: Record) -> tuple[Record, Record]:
        """The record as the old side, and as the new side, must be asked it."""
        table, (old, new) = self._table, self._cookies
        return filled(record, table.old_names, old), filled(record, table.new_names, new)

    def learn(self, record: Record, old: Answer | None, new: Answer | None) -> None:
        """Remember the ids and cookies that these answers return."""
        if old is None or new is None:
            return
        for jar, answer in zip(self._cookies, (old, new), strict=True):
            _keep_cookies(jar, answer)
        recorded = places(_answer(record.answer)) if record.answer else {}
        mine, theirs = places(old), places(new)
        for place in mine.keys() & theirs.keys():
            self._learn(place[1], recorded.get(place), mine[place], theirs[place], safe=record.safe)

    def over(self, noise: Noise) -> Noise:
        """That noise, and that ids which go together are no difference, while ids that do not are one."""
        return _Tolerance(self._table, noise)

    def _learn(self, name: str, recorded: str | None, old: str, new: str, *, safe: bool) -> None:
        """That an id is no constant shows when it is not the recorded one, or when it was made by this very request."""
        if recorded is None and (safe or old == new):
            return
        columns = aligned(old if recorded is None else recorded, old, new)
        for before, (was, mine, theirs) in columns or ():
            if _one_form(name, before, was, mine, theirs) and not (safe and was == mine):
                self._table.bind(was, Own(mine, theirs))


class Sessions:
    """The sessions under way; those that were not heard of for longest are forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Carried] = OrderedDict()

    def of(self, session: str) -> Carried | None:
        """What that session carries; None for records without one."""
        if not session:
            return None
        carried = self._known.setdefault(session, Carried())
        self._known.move_to_end(session)
        if len(self._known) > _MOST_SESSIONS:
            self._known.popitem(last=False)
        return carried


class _Tolerance(NamedTuple):
    table: Table
    noise: Noise

    def tolerates(self, place: str, delta: Delta, old: Transcript, new: Transcript, answers: Answers) -> bool:
        together = self._together(delta)
        if together is None:
            return self.noise.tolerates(place, delta, old, new, answers)
        return together

    def _together(self, delta: Delta) -> bool | None:
        """Whether all that differs is ids that go together; None when other things differ, too."""
        if not delta.old or len(delta.old) != len(delta.new):
            return None
        name = re.split(r"[/.]", delta.place)[-1]
        found = []
        for texts in zip(delta.old, delta.new, strict=True):
            columns = aligned(*texts)
            if columns is None:
                return None
            for before, tokens in columns:
                found.append(self.table.together(*tokens) if _one_form(name, before, *tokens) else None)
        return None if None in found or not found else all(found)


def _one_form(name: str, before: str, *tokens: str) -> bool:
    """Whether these look like ids of one kind. A number is one where its name says so, or in a path or a query."""
    forms = {form(token) for token in tokens}
    if len(forms) != 1 or "" in forms:
        return False
    return NUMBER not in forms or is_named(name) or before.endswith(("/", "="))


def _answer(recorded: RecordedAnswer) -> Answer:
    return Answer("HTTP/1.1", recorded.status, "", recorded.fields, Framing.LENGTH, recorded.body)


def _keep_cookies(jar: dict[str, str], answer: Answer) -> None:
    for line in answer.values("set-cookie"):
        name, mark, value = line.partition(";")[0].partition("=")
        if mark and (name in jar or len(jar) < _MOST_COOKIES):
            jar[strip(name)] = strip(value)
