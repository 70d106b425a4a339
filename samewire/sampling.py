"""Remembers, while traffic is replayed, the few GETs of it that further cases can be derived from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from samewire.ascii import lower
from samewire.cases.model import Case
from samewire.relations import RelationSettings
from samewire.replay.replayer import Plan
from samewire.replay.requests import Unwritable, case_of
from samewire.replay.routes import route_of
from samewire.traffic import Record, Skipped


class Sample:
    """What it keeps is bounded by the settings, however long the traffic is."""

    def __init__(self, settings: RelationSettings) -> None:
        self._settings = settings
        self._records: dict[tuple[str, str], Record] = {}
        self._routes: Counter[str] = Counter()

    def watching(self, plan: Plan) -> Plan:
        """The same plan, whose records pass by here."""
        return replace(plan, sources=tuple((name, self._passed(records)) for name, records in plan.sources))

    def cases(self) -> tuple[Case, ...]:
        """A case for each record that is kept: one plain GET."""
        return tuple(_cases(self._records.values()))

    def _passed(self, records: Iterable[Record | Skipped]) -> Iterator[Record | Skipped]:
        for record in records:
            if isinstance(record, Record) and self._wants(record):
                self._see(record)
            yield record

    def _wants(self, record: Record) -> bool:
        plain = record.method == "GET" and record.raw is None and record.body is None
        return plain and self._settings.enabled and len(self._records) < self._settings.at_most

    def _see(self, record: Record) -> None:
        """Keep it unless it is one more of the same."""
        path = route_of(record.target)
        accept = ", ".join(value for name, value in record.fields if lower(name) == "accept")
        if (record.target, accept) not in self._records and self._routes[path] < self._settings.of_one_path:
            self._records[record.target, accept] = record
            self._routes[path] += 1


def _cases(records: Iterable[Record]) -> Iterator[Case]:
    for number, record in enumerate(records, 1):
        try:
            yield case_of(record).model_copy(update={"id": f"REL-{number}"})
        except (Unwritable, ValueError):
            continue
