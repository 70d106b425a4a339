"""Sends generated examples to both servers, confirms what differs, makes it small, and keeps what was found."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing

from samewire.compare import fits, media_type
from samewire.exchange import Answered
from samewire.fuzz.asking import ALONE, Asking, Seen
from samewire.fuzz.batches import Wanted, generated
from samewire.fuzz.example import Example, Kind, Plain
from samewire.fuzz.findings import Findings
from samewire.fuzz.shrink import shrunk
from samewire.replay.routes import route_of
from samewire.result import Covered, NoisyPlace
from samewire.traffic import Account

AT_ONCE = 16
"""Examples that are answered at the same time; each has connections of its own."""
WAITING = 96
"""Those among them that wait for an answer in vain, too; each may have two connections to each server."""
_ENOUGH = 3
"""Examples of a finding that are confirmed; further ones are counted as they come."""
_SHRINKING = 12.0
"""Seconds for one finding."""
_SHRINKING_AT_ONCE = 6
_SOON = 0.7
"""Seconds for the first of two looks at what differs."""
Progress = Callable[[int, int], None]
"""Told how many examples are done and how many differ."""


class Fuzzing:
    """One run, and what it found so far: it can be interrupted at any time."""

    def __init__(self, asking: Asking, *, without: Sequence[str] = (), seconds: float | None = None) -> None:
        self.findings = Findings()
        self.unchanged = 0
        self.not_observed = 0
        self.gone: tuple[str, ...] = ()
        """What is to be said of targets that went away, which ends the run."""
        self.kinds: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self._asking = asking
        self._without = without
        self._cap = float("inf") if seconds is None else seconds
        self._began = time.monotonic()
        self._ended = 0.0
        self._until = float("inf")
        self._covered: Counter[tuple[str, str, int, str]] = Counter()

    async def run(self, wanted: Wanted, progress: Progress) -> None:
        """All that is wanted, or as much as there is time for."""
        self._began = time.monotonic()
        self._until = self._began + self._cap
        try:
            async with aclosing(generated(wanted)) as batches:
                async for batch in batches:
                    if self._late or self.gone:
                        return
                    await self.take(batch, progress)
        finally:
            self._ended = time.monotonic()

    async def take(self, batch: Sequence[Example], progress: Progress = lambda _done, _differ: None) -> None:
        """Send one batch and look into what differs; nothing is said of a batch in which a target went away."""
        sent = await self._sent(self._wanted(batch))
        if any(seen.old.error or seen.new.error for seen in sent):
            self.gone = await self._asking.gone()
            if self.gone:
                return
        for seen in sent:
            await self._judge(seen)
            progress(self.done, self.findings.examples)

    @property
    def done(self) -> int:
        return sum(self.kinds.values())

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Of each kind: generated, sent, left out."""
        return tuple(
            Account(f"generated: {kind}", sent + self.left_out[kind], sent, self._reasons(kind))
            for kind, sent in self.kinds.items()
        )

    @property
    def coverage(self) -> tuple[Covered, ...]:
        return tuple(Covered(*key, times) for key, times in sorted(self._covered.items()))

    @property
    def noise(self) -> tuple[NoisyPlace, ...]:
        """What varies by itself, and what differed and did not come again."""
        return (*self._asking.noise, *self.findings.flaky)

    @property
    def seconds(self) -> float:
        """For sending and looking into what differs; starting and stopping the targets is no part of it."""
        return (self._ended or time.monotonic()) - self._began

    @property
    def _late(self) -> bool:
        return time.monotonic() >= self._until

    def _reasons(self, kind: str) -> tuple[tuple[str, int], ...]:
        number = self.left_out[kind]
        return (("its target is left out by --without", number),) if number else ()

    def _wanted(self, batch: Sequence[Example]) -> list[Example]:
        chosen = [example for example in batch if not self._is_left_out(example)]
        for example in batch:
            self.left_out[example.kind] += example not in chosen
        return chosen

    def _is_left_out(self, example: Example) -> bool:
        targets = [_target(turn.message) for turn in example.turns]
        return any(fits(glob, target) for glob in self._without for target in targets)

    async def _sent(self, batch: Sequence[Example]) -> list[Seen]:
        """Several at once; those that change what others could see in their order, one after the other.

        One that waits for what comes late or never makes room for the next: both servers are idle then.
        """
        slots, waiting = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(WAITING)
        found: list[Seen] = []

        async def one(example: Example) -> None:
            if not self._late:
                found.append(await self._asking.among_others(example))

        async def begun(example: Example) -> None:
            await waiting.acquire()
            task = group.create_task(one(example))
            task.add_done_callback(lambda _: waiting.release())
            await asyncio.wait([task], timeout=self._asking.patience.quiet)

        async def slotted(example: Example) -> None:
            async with slots:
                await begun(example)

        async def in_order() -> None:
            for example in batch:
                if not example.safe:
                    await begun(example)

        async with asyncio.TaskGroup() as group:
            group.create_task(in_order())
            for example in batch:
                if example.safe:
                    group.create_task(slotted(example))
        return sorted(found, key=lambda seen: seen.example.number)

    async def _judge(self, seen: Seen) -> None:
        self.kinds[seen.example.kind] += 1
        self._cover(seen)
        if seen.differences:
            seen = self._asking.again(seen)  # by what was learnt since it was sent
        if not seen.differences:
            self.unchanged += seen.evident
            self.not_observed += not seen.evident
            return
        if self._well_known(seen):
            self.findings.count(seen)
            return
        confirmed = await self._confirmed(seen)
        if confirmed is None:
            self.unchanged += 1
            return
        for _ in range(_ENOUGH):
            left = self.findings.open(confirmed)
            if not left:
                break
            await self._add(confirmed, left[0])
        self._count(confirmed)

    def _count(self, seen: Seen) -> None:
        if self.findings.all:
            self.findings.count(seen)

    def _well_known(self, seen: Seen) -> bool:
        return all(self.findings.explained(seen, cause, enough=_ENOUGH) for cause in seen.causes)

    async def _confirmed(self, first: Seen) -> Seen | None:
        """Twice alone, with time: what differs each time in the same way. What does not is set apart."""
        asked = [await self._asking.alone(first.example, limit) for limit in (_SOON, ALONE)]
        noise = self._asking.learn(first.example, [first.old, *(seen.old for seen in asked)])
        again = [self._asking.again(seen, noise) for seen in asked]
        lasting = again[0].causes.keys() & again[1].causes.keys()
        passing = [one for seen in again for cause, one in seen.causes.items() if cause not in lasting]
        if not any(seen.waited for seen in (first, *again)):
            passing += [one for cause, one in self._asking.again(first, noise).causes.items() if cause not in lasting]
        self.findings.set_apart(first, passing)
        return again[1] if lasting and again[1].causes.keys() == lasting else None

    async def _add(self, seen: Seen, cause: str) -> None:
        """Make it as small as it can be made while it shows that cause, and keep it."""
        until = time.monotonic() + _SHRINKING

        async def shows(candidate: Example) -> bool:
            if time.monotonic() > until:
                return False
            found = await self._asking.alone(candidate, self._asking.patience.limit)
            return cause in found.causes and not self.findings.explained(found, cause)

        alone = seen.example.kind is not Kind.WIRE and not seen.example.safe
        small = await shrunk(seen.example, shows, at_once=1 if alone else _SHRINKING_AT_ONCE)
        final = await self._confirmed(seen._replace(example=small))
        self.findings.add(final if final is not None and cause in final.causes else seen)

    def _cover(self, seen: Seen) -> None:
        for at, turn in enumerate(seen.example.turns):
            if isinstance(turn.message, Plain):
                self._covered[_kind_of(turn.message, at, seen)] += 1


def _kind_of(plain: Plain, at: int, seen: Seen) -> tuple[str, str, int, str]:
    answers = [one.answer for one in seen.old.observations if isinstance(one, Answered)]
    answer = answers[at] if at < len(answers) else None
    where = route_of(plain.target), plain.method[:20]
    return (*where, answer.status, media_type(answer)[:60] if answer.body else "") if answer else (*where, 0, "")


def _target(message: object) -> str:
    if isinstance(message, Plain):
        return message.target
    words = getattr(message, "data", b"")[:2000].decode("latin-1").split(" ", 2)
    return words[1] if len(words) > 1 else ""
