"""All faults, in the order in which the table shows them."""

from __future__ import annotations

from samewire.prove.fault import Fault
from samewire.prove.faults import (
    arrival,
    connections,
    contents,
    events,
    fields,
    framing,
    harmless,
    interims,
    leniency,
    methods,
    requests,
    statuses,
    websocket,
)

FAULTS: tuple[Fault, ...] = (
    *statuses.FAULTS,
    *fields.FAULTS,
    *contents.FAULTS,
    *framing.FAULTS,
    *connections.FAULTS,
    *interims.FAULTS,
    *events.FAULTS,
    *arrival.FAULTS,
    *websocket.FAULTS,
    *methods.FAULTS,
    *requests.FAULTS,
    *leniency.FAULTS,
    *harmless.FAULTS,
)
