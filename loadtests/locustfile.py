"""Locust users that carry out a scenario of scenarios.py at a steady pace.

By hand: locust -f loadtests/locustfile.py --host http://127.0.0.1:8000 --headless -u 16 -r 16 -t 30s --scenario mixed
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable
from typing import Any

from locust import FastHttpUser, events, task

from loadtests.scenarios import SCENARIOS, Action

_LONGEST_LINE = 1 << 20
_MESSAGE_TYPE = re.compile(rb'data: ?\{"message_type":"(\w+)"')
_PART = {"part": True}
"""Marks a time within a request: samewire load keeps it by name and does not count it as a request."""


def _options(parser: Any) -> None:
    parser.add_argument(
        "--scenario", choices=sorted(SCENARIOS), default=os.environ.get("SAMEWIRE_LOAD_SCENARIO", "mixed"),
        help="what each user does (loadtests/scenarios.py)",
    )  # fmt: skip
    parser.add_argument(
        "--user-rate", type=float, default=float(os.environ.get("SAMEWIRE_LOAD_RATE", "10")),
        help="requests a second of each user; 0 for as fast as answers come",
    )  # fmt: skip


def _refuse_unknown(environment: Any, **_: Any) -> None:
    """A scenario from the environment is no choice that the parser looks at."""
    name = environment.parsed_options.scenario
    if name not in SCENARIOS:
        raise SystemExit(f"there is no scenario {name!r}; there are: {', '.join(sorted(SCENARIOS))}")


events.init_command_line_parser.add_listener(_options)
events.init.add_listener(_refuse_unknown)


class Visitor(FastHttpUser):
    """One client on keep-alive connections."""

    connection_timeout = 10.0
    network_timeout = 10.0

    def on_start(self) -> None:
        options = self.environment.parsed_options
        self._actions = SCENARIOS[options.scenario]
        self._weights = [action.weight for action in self._actions]
        self._rate: float = options.user_rate
        self._next = time.monotonic()

    def wait_time(self) -> float:
        """Exponential gaps around the pace, kept by the clock, so that a slow answer does not slow the load."""
        if not self._rate:
            return 0.0
        self._next += random.expovariate(self._rate)
        return max(0.0, self._next - time.monotonic())

    @task
    def act(self) -> None:
        action = random.choices(self._actions, self._weights)[0]
        self._stream(action) if action.kind == "stream" else self._request(action)

    def _request(self, action: Action) -> None:
        with self.client.get(
            action.target, name=action.name, headers={"Accept": action.accept}, catch_response=True
        ) as response:
            if response.status_code != 200:
                response.failure(f"status {response.status_code}")

    def _stream(self, action: Action) -> None:
        """FastHttpUser's own time ends at the head, so the stream is timed here and reported as events of our own."""
        started = time.perf_counter()
        error: Exception | None = None
        try:
            with self.client.get(
                action.target, name=f"{action.name}: head", headers={"Accept": action.accept}, stream=True,
                catch_response=True, context=_PART,
            ) as response:  # fmt: skip
                self._read_to_complete(response, lambda event: self._fire(f"{action.name}: {event}", started, _PART))
        except (ValueError, OSError) as failure:
            error = failure
        self._fire(action.name, started, {}, error)

    def _read_to_complete(self, response: Any, seen: Callable[[str], None]) -> None:
        if response.status_code != 200:
            response.failure(f"status {response.status_code}")
            raise ValueError(f"status {response.status_code}")
        while line := response.stream.readline(b"\n"):
            if len(line) > _LONGEST_LINE:
                raise ValueError("a line of the stream is too long")
            found = _MESSAGE_TYPE.match(line)
            if found is None:
                continue
            seen(found[1].decode())
            if found[1] == b"complete":
                response.stream.read()
                return
        raise ValueError("the stream ended without complete")

    def _fire(self, name: str, started: float, context: dict[str, bool], error: Exception | None = None) -> None:
        self.environment.events.request.fire(
            request_type="SSE", name=name, response_time=(time.perf_counter() - started) * 1000, response_length=0,
            exception=error, context=context,
        )  # fmt: skip
