"""The contract being held against targets: servers started once, each case carried out when first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from samewire.cases import Case
from samewire.cases.reproducer import reproduce
from samewire.config import Config
from samewire.engine import Session
from samewire.launch import Running
from samewire.report.words import explain_check, explain_pair
from samewire.result import CheckedCase
from samewire.serving import Again, serving_again
from samewire.targets import Target

_Found = TypeVar("_Found")


class Contract:
    """What tests ask: whether a case holds on a target, and between targets; the answer is why not, or nothing."""

    def __init__(self, config: Config, runner: asyncio.Runner, servers: tuple[Running, ...], again: Again) -> None:
        self.config = config
        self.servers = {server.name: server for server in servers}
        self._runner = runner
        self._session = Session(config, again=again)

    def run(self, work: Coroutine[Any, Any, _Found]) -> _Found:
        """Carry out asynchronous work on the loop that the servers were started on."""
        return self._runner.run(work)

    def allows(self, case: Case) -> bool:
        """Whether the case may be carried out: not if it changes state on a server that others use."""
        return not case.unsafe or all(server.disposable for server in self.servers.values())

    def failure(self, case: Case, target: str) -> str:
        """What of the case does not hold on the target; an empty text when all of it does."""
        server = self.servers[target]
        run = self.run(self._session.run(case, server))
        if run.passed:
            return ""
        return explain_check(CheckedCase(case.id, case.title, case.why, run, reproduce(case, server.address)))

    def difference(self, case: Case, other: str) -> str:
        """How another target differs in the case from the first; an empty text when it does not."""
        first = next(iter(self.servers.values()))
        pair = self.run(self._session.pair(case, first, self.servers[other]))
        return explain_pair(pair) if pair.differences or not pair.evident else ""


@contextmanager
def contract(config: Config, targets: tuple[Target, ...]) -> Iterator[Contract]:
    """The targets, serving while this lasts. Raises NotStarted."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        started = serving_again(targets)
        servers, again = runner.run(started.__aenter__())
        try:
            yield Contract(config, runner, servers, again)
        finally:
            runner.run(started.__aexit__(None, None, None))
