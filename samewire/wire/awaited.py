"""How much is there by now of what a step waits for in an answer under way."""

from __future__ import annotations

from typing import Protocol

from samewire.cases.model import Await
from samewire.exchange import Answer
from samewire.wire import sse


class UnderWay(Protocol):
    """An answer that is being read; see `Parser`."""

    interim: list[Answer]

    @property
    def head_seen(self) -> bool: ...
    @property
    def size(self) -> int: ...
    @property
    def over(self) -> bool: ...
    def content(self, start: int) -> bytes: ...


class Awaited:
    """Counts over one answer; asked again, it looks only at what is new."""

    __slots__ = ("_answer", "_events", "_read", "_stream")

    def __init__(self, answer: UnderWay) -> None:
        self._answer = answer
        self._stream = sse.Stream()
        self._read = 0
        self._events = 0

    def count(self, step: Await) -> int:
        """Interim answers, 1 for a head, events that an EventSource would hand on, or bytes of content."""
        match step.awaits:
            case "interim":
                return sum(step.status in {None, answer.status} for answer in self._answer.interim)
            case "head":
                return int(self._answer.head_seen)
            case "events":
                return self._count_events()
            case "bytes":
                return self._answer.size

    def too_late(self, step: Await) -> bool:
        """Whether no more of it can come: the answer is whole, or its final head came where interim ones are awaited."""
        if step.awaits == "interim" and self._answer.head_seen:
            return True
        return self._answer.over

    def _count_events(self) -> int:
        new = self._answer.content(self._read)
        self._read += len(new)
        self._events += sum(event.dispatched for event in self._stream.feed(new))
        return self._events
