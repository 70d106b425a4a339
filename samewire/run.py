"""Carries out a case on a target, step by step, and writes down what is observed."""

from __future__ import annotations

import asyncio
import secrets
import time

from samewire.address import Address
from samewire.cases.model import Await, Case, ExpectEnd, Finish, Heard, Pause, Receive, Request, Send, Step, Talk
from samewire.exchange import Answered, Ended, Observation, Talked, Transcript
from samewire.wire import (
    Dialogue,
    FollowUp,
    Names,
    Received,
    Seen,
    dial,
    hidden,
    impossible,
    see_closed,
    see_end,
    see_reusable,
    spoken,
)

_REFUSED = (0.05, 0.25)
"""Seconds between tries to connect to a target that refuses: one that does so again and again is seen to do so."""


async def run_case(
    case: Case, target: str, address: Address, *, probe: str = "/", run_token: str | None = None
) -> Transcript:
    """The case once on the target that listens at `address`; never raises for what a server does.

    `probe` is what is asked for, with GET, to see whether a connection still answers. `run_token` is what `${run}`
    stands for; else a new one. No step takes longer than `case.timeout`. A target that can't be reached, or a case whose
    text can't be written as it asks, is the transcript's `error`.
    """
    names = Names.of(address, run_token or secrets.token_hex(8))
    script = _Script(case, address, names, probe)
    began, started = time.time(), time.perf_counter()
    error = impossible(case) if address.access.http == "2" else ""
    try:
        if not error:
            await script.carry_out()
    except (OSError, ValueError) as failure:
        error = str(failure) or type(failure).__name__
    finally:
        script.close()
    return Transcript(
        case=case.id,
        target=target,
        observations=tuple(script.observations),
        seconds=time.perf_counter() - started,
        error=error,
        run=names.run,
        authority=names.host,
        began=began,
        secrets=address.access.secrets,
    )


def follow_up(names: Names, probe: str) -> FollowUp:
    """What is asked last on a connection, only to see whether it still answers; nothing of the answer is compared."""
    return FollowUp(Send(send=Request(target=probe, headers=(("Connection", "close"),))), names)


class _Script:
    """The conversations of one run, by the names of their connections."""

    def __init__(self, case: Case, address: Address, names: Names, probe: str) -> None:
        self.observations: list[Observation] = []
        self._case = case
        self._address = address
        self._names = names
        self._conversations: dict[str, Dialogue] = {}
        self._ended: set[str] = set()
        self._follow_up = follow_up(names, probe)

    async def carry_out(self) -> None:
        for number, step in enumerate(self._case.steps):
            await self._take(number, step)
        still_open = [name for name in self._conversations if name not in self._ended]
        ends = await asyncio.gather(*map(self._see_end, still_open))
        self.observations += [Ended(None, name, *seen) for name, seen in zip(still_open, ends, strict=True)]

    def close(self) -> None:
        for conversation in self._conversations.values():
            conversation.leave()

    async def _take(self, number: int, step: Step) -> None:
        on = await self._conversation(step.on)
        limit = self._case.timeout
        match step:
            case Send():
                await on.send(step, self._names, limit)
            case Receive():
                received = await on.receive(limit)
                self._answered(number, step.on, received)
                self._names = self._names.keep(step.receive, received.answer)
            case Await():
                received, count = await on.reach(step, limit)
                self._answered(number, step.on, received, count)
            case Pause():
                on.pause()
            case Finish():
                self._finish(on, step)
            case ExpectEnd():
                self._ended.add(step.on)
                self.observations.append(Ended(number, step.on, *await self._expected_end(on, step)))
            case Talk():
                await on.say(spoken(step, self._names), limit)
            case Heard():
                message, failure = await on.hear(limit)
                self.observations.append(Talked(number, step.on, (message,) if message else (), failure))

    async def _conversation(self, name: str) -> Dialogue:
        if name not in self._conversations:
            self._conversations[name] = await self._dialled()
        return self._conversations[name]

    async def _dialled(self) -> Dialogue:
        """A refused connection has carried nothing, so that it may be tried again whatever the case does."""
        for pause in _REFUSED:
            try:
                return await dial(self._address, self._case.timeout)
            except OSError as error:
                if not isinstance(error.__cause__, ConnectionRefusedError):
                    raise
            await asyncio.sleep(pause)
        return await dial(self._address, self._case.timeout)

    def _answered(self, number: int, connection: str, received: Received, awaited: int | None = None) -> None:
        sent = hidden(received.sent, self._address.access)
        self.observations.append(Answered(number, connection, *received._replace(sent=sent), awaited))

    def _finish(self, on: Dialogue, step: Finish) -> None:
        if step.finish == "half":
            on.half_close()
        else:
            on.leave(reset=step.finish == "reset")

    async def _expected_end(self, on: Dialogue, step: ExpectEnd) -> Seen:
        if step.end == "reusable":
            return await see_reusable(on, self._follow_up, self._case.timeout)
        if step.end == "left":
            return await see_end(on, self._follow_up, self._case.timeout)
        return await see_closed(on, self._case.timeout)

    async def _see_end(self, name: str) -> Seen:
        return await see_end(self._conversations[name], self._follow_up, self._case.timeout)
