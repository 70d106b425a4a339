"""What is opened once, when a server starts, and closed when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from shared_handlers.logs import Log
from shared_handlers.metrics import Metrics
from shared_handlers.nlweb import Answerer, Extractive, Index, Rehearsal, open_index
from shared_handlers.probe_state import ProbeState
from shared_handlers.settings import Settings


@dataclass(slots=True)
class Services:
    """Everything the endpoints are closed over."""

    settings: Settings
    log: Log
    metrics: Metrics
    probe: ProbeState
    index: Index
    """The sites and their content."""
    answerer: Answerer
    checks: dict[str, Callable[[], bool]] = field(default_factory=dict)
    """By name, what must hold for `/ready` to say so; each is quick and does not raise."""


@asynccontextmanager
async def open_services(settings: Settings, log: Log) -> AsyncIterator[Services]:
    """Open what the settings ask for, and close it on the way out; StoreError when the content can't be had."""
    index = await asyncio.to_thread(open_index, settings.nlweb, log)
    probe = ProbeState()
    services = Services(settings, log, Metrics(), probe, index, _answerer(settings, index, probe))
    services.checks["static"] = settings.static_directory.is_dir
    try:
        yield services
    finally:
        index.close()


def _answerer(settings: Settings, index: Index, probe: ProbeState) -> Answerer:
    notices = settings.nlweb.headers.model_dump(exclude_none=True)
    model = Extractive()
    return Answerer(index, Rehearsal(model, probe) if settings.mode == "testing" else model, notices)
