"""What a source holds, counted and in excerpts: for people, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from samewire.compare import printable, redact
from samewire.compare.redact import redact_field
from samewire.compare.shown import bounded
from samewire.sources.source import Source
from samewire.traffic import Record

MOST_ROUTES = 2000
_OTHERS = "(other routes)"
_RAW = "(raw bytes)"
RouteOf = Callable[[str], str]


@dataclass(slots=True)
class Held:
    """Counts of one source; memory grows with the routes up to a limit, not with the records."""

    source: Source
    read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    """`GET /items/{}`."""
    unsafe: int = 0
    sessions: int = 0
    """Records that belong to one."""
    first: list[Record] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return self.read - self.skipped.total()


def held(source: Source, records: int, route_of: RouteOf) -> Held:
    """Reads a source to its end, and keeps its first records. Raises SourceError."""
    found = Held(source)
    for item in source:
        found.read += 1
        if isinstance(item, Record):
            _count(found, item, records, route_of)
        else:
            found.skipped[item.reason] += 1
    return found


def lines(found: Held, most: int = 20) -> Iterator[str]:
    """For a terminal; secrets are masked."""
    skipped = "".join(f" + {times} skipped ({reason})" for reason, times in found.skipped.most_common())
    yield f"{found.source.name} ({found.source.format}): {found.read} read = {found.sent} to send{skipped}"
    if not found.sent:
        return
    methods = ", ".join(f"{times} {method}" for method, times in found.methods.most_common())
    yield f"  methods: {methods}" + (f"; {found.unsafe} unsafe, sent with --allow-unsafe only" if found.unsafe else "")
    yield f"  routes: {len(found.routes)}"
    yield from (f"    {times:>7}  {route}" for route, times in found.routes.most_common(most))
    if len(found.routes) > most:
        yield f"             and {len(found.routes) - most} more"
    yield "  first records:"
    yield from (f"    {record.id}  {' '.join(_shown(record).values())}" for record in found.first)


def plain(found: Held) -> JsonValue:
    """For JSON; secrets are masked."""
    return {
        "source": found.source.name,
        "format": found.source.format,
        "read": found.read,
        "sent": found.sent,
        "skipped": dict(found.skipped.most_common()),
        "unsafe": found.unsafe,
        "in_sessions": found.sessions,
        "methods": dict(found.methods.most_common()),
        "routes": dict(found.routes.most_common()),
        "first": [{"id": record.id, **_shown(record)} for record in found.first],
    }


def _count(found: Held, record: Record, records: int, route_of: RouteOf) -> None:
    method = printable(record.method) if record.raw is None else _RAW
    route = f"{method} {printable(redact(route_of(record.target)))}" if record.raw is None else _RAW
    found.methods[method] += 1
    found.routes[route if route in found.routes or len(found.routes) < MOST_ROUTES else _OTHERS] += 1
    found.unsafe += not record.safe
    found.sessions += bool(record.session)
    if len(found.first) < records:
        found.first.append(record)


def _shown(record: Record) -> dict[str, str]:
    if record.raw is not None:
        return {"raw": bounded(redact(record.raw[:500].decode("latin-1")), 120)}
    found = {"method": record.method, "target": bounded(redact(record.target), 120)}
    if record.fields:
        fields = "; ".join(f"{name}: {redact_field(name, value)}" for name, value in record.fields)
        found["fields"] = bounded(fields, 200)
    if record.body is not None:
        found["content"] = f"[{len(record.body)} bytes]"
    return found
