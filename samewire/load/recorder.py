"""A second locust file, put beside the user's: keeps every response time as measured and writes them at the end.

Locust's own statistics round to milliseconds. The name of the file to write is in SAMEWIRE_LOAD_SAMPLES.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gevent
from locust import events

PART = "part"
"""A true member of that name in an event's context: a time within a request, kept by name but no request itself."""

_samples: dict[str, list[float]] = {}
_whole: list[float] = []
_errors = 0
_cpu_at_start = 0.0
_started = 0.0


def _set_clock(**_: Any) -> None:
    """Locust ends a run by gevent's clock, which has stood still while locust was loading: blocks would be too short."""
    gevent.get_hub().loop.update_now()


def _begin(**_: Any) -> None:
    global _cpu_at_start, _started
    _cpu_at_start, _started = time.process_time(), time.perf_counter()


def _keep(
    name: str, response_time: float, context: Mapping[str, Any] | None, exception: BaseException | None = None, **_: Any
) -> None:
    global _errors
    whole = not (context or {}).get(PART)
    if exception is not None:
        _errors += whole
        return
    _samples.setdefault(name, []).append(response_time)
    if whole:
        _whole.append(response_time)


def _write(**_: Any) -> None:
    path = os.environ.get("SAMEWIRE_LOAD_SAMPLES")
    if path:
        report = {
            "seconds": time.perf_counter() - _started,
            "generator_cpu": time.process_time() - _cpu_at_start,
            "errors": _errors,
            "milliseconds": _whole,
            "by_name": _samples,
        }
        Path(path).write_text(json.dumps(report), "ascii")


events.init.add_listener(_set_clock)
events.test_start.add_listener(_begin)
events.request.add_listener(_keep)
events.test_stop.add_listener(_write)
