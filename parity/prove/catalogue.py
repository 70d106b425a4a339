"""All faults, in the order in which the table shows them."""

from __future__ import annotations

from parity.prove.fault import Fault
from parity.prove.faults import contents, fields, framing, harmless, leniency, methods, requests, statuses, streams

FAULTS: tuple[Fault, ...] = (
    *statuses.FAULTS,
    *fields.FAULTS,
    *contents.FAULTS,
    *framing.FRAMING,
    *framing.CONNECTION,
    *framing.INTERIM,
    *streams.EVENTS,
    *streams.ARRIVAL,
    *streams.WEBSOCKET,
    *methods.FAULTS,
    *requests.FAULTS,
    *leniency.FAULTS,
    *harmless.FAULTS,
)
