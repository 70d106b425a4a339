"""What the beginnings of the sources hold that is worth writing down: requests to begin with, and which secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from samewire.ascii import lower
from samewire.compare import redact
from samewire.compare.redact import is_secret, redact_field
from samewire.exchange import Field
from samewire.sources import Source
from samewire.traffic import Record

READ = 5000
"""Records of each source that are looked at."""
_LEFT_OUT = ("accept-encoding", "if-none-match", "if-modified-since", "user-agent", "referer", "origin")
"""Fields that say more about who asked than about what was asked, or that make an answer empty."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """A look at the sources; nothing in it is secret."""

    read: int = 0
    sent: int = 0
    requests: Counter[Record] = field(default_factory=Counter)
    """Safe requests without what is secret, by how often they stand there, the most frequent first."""
    hidden: Counter[Field] = field(default_factory=Counter)
    """Field lines that hold secrets, as they may be shown, and in how many requests."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that hold credentials; cookies are each session's own."""
        return tuple(dict.fromkeys(name for name, _ in self.hidden if not name.endswith("Cookie")))


def look(sources: Sequence[Source]) -> Traffic:
    """Reads the beginning of each source. Raises SourceError."""
    read, sent = 0, 0
    requests: Counter[Record] = Counter()
    hidden: Counter[Field] = Counter()
    for item in _beginnings(sources):
        read += 1
        if isinstance(item, Record):
            sent += 1
            hidden.update(_hidden(item))
            if request := _plain(item):
                requests[request] += 1
    return Traffic(read, sent, Counter(dict(requests.most_common(100))), hidden)


def _beginnings(sources: Sequence[Source]) -> Iterator[object]:
    for source in sources:
        yield from islice(source, READ)


def _hidden(record: Record) -> Iterator[Field]:
    return ((_titled(name), redact_field(name, value)) for name, value in record.fields if is_secret(name))


def _plain(record: Record) -> Record | None:
    """What can be asked of any server by anyone: a GET without credentials, and with nothing secret in its target."""
    if record.raw is not None or record.method != "GET" or record.body or "${" in record.target:
        return None
    if redact(record.target) != record.target:
        return None
    fields = tuple(
        (name, value)
        for name, value in record.fields
        if not is_secret(name) and lower(name) not in _LEFT_OUT and redact(value) == value and "${" not in value
    )
    return Record("", target=record.target, fields=fields)


def _titled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
