"""Worker threads that step conversations, and the one poller that wakes them.

One worker leads: it waits for the clients of all parked streams, and then steps those that moved, one after the other,
before it waits again. While steps are short that is the whole engine, on one thread, without a hand-over. A watch
looks every few milliseconds whether a step takes long; then another worker takes the lead, and only where all of them
are held by such steps, one is added, up to the most. When the most are held, the watch itself polls: streams wait in a
queue that has an end, and what is beyond it is told to come back later.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections import deque
from contextlib import suppress
from typing import NamedTuple, Protocol

from legacy import worker
from legacy.thread_stream import Signal, ThreadStream

_TICK = 0.005
"""Seconds that a step may take before another worker takes the lead."""
_SWEEP = 0.5
"""Seconds between two looks at what has waited too long."""
_CALM = 200
"""Ticks without anything to do, after which the watch only sweeps."""
_MOST_EVENTS = 256
_SATURATED = 0.5
"""Seconds of CPU time a second from which on the process computes, and more workers would only take turns at that."""


class Size(NamedTuple):
    """How many workers there may be, and how much may wait for them."""

    least: int
    most: int
    queue: int
    """Streams that may wait for a worker while the most are held."""
    idle: float
    """Seconds without work after which a worker beyond the least ends."""


class Owner(Protocol):
    """Who made the streams; called from any thread."""

    def to_loop(self, stream: ThreadStream) -> None:
        """Carry it on where application code may wait."""

    def over(self, stream: ThreadStream, failure: BaseException | None) -> None:
        """Its conversation has ended, or a fault of the server itself cost it."""

    def refuse(self, stream: ThreadStream) -> BaseException | None:
        """It would wait for too long: what to raise where it waits, or None to step it as it now is."""


class Pool:
    """Steps streams. Every public method may be called from any thread."""

    def __init__(self, size: Size, owner: Owner) -> None:
        self._size = size
        self._owner = owner
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._ready: deque[tuple[ThreadStream, BaseException | None]] = deque()
        self._parked: dict[int, ThreadStream] = {}
        self._poller = select.epoll()
        self._nudged = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poller.register(self._nudged, select.EPOLLIN)
        self._led = False
        self._idle = self._count = self._steps = 0
        self._threads = 1
        """The watch, and every worker that has not ended yet."""
        self._stopping = False
        self._stirred = threading.Event()
        self._calm = True
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)

    @property
    def workers(self) -> int:
        """How many there are now."""
        return self._count

    def start(self) -> None:
        """Start the least workers, and the watch."""
        with self._lock:
            for _ in range(self._size.least):
                self._add_worker()
        self._watcher.start()

    def stop(self) -> None:
        """No step begins from here on; those under way end in their time, on threads that end with the process."""
        with self._lock:
            if self._stopping:  # what nudges the poller may be closed by now, and its number another file's
                return
            self._stopping = True
            self._work.notify_all()
            os.eventfd_write(self._nudged, 1)
        self._stirred.set()

    def submit(self, stream: ThreadStream, error: BaseException | None = None) -> None:
        """Step it when there is a worker; with `error` raised where it waits."""
        with self._lock:
            self._ready.append((stream, error))
            self._nudge()

    def park(self, stream: ThreadStream) -> None:
        """Step it when its client has moved as it waits for, or with TimeoutError past its deadline."""
        events = stream.events | select.EPOLLONESHOT
        # Within the lock, or whoever finds it late could have stepped it before it is armed.
        with self._lock:
            descriptor = stream.socket.fileno()
            if stream.registered:
                self._poller.modify(descriptor, events)
            else:
                self._poller.register(descriptor, events)
                stream.registered = True
            self._parked[descriptor] = stream

    def forget(self, stream: ThreadStream) -> None:
        """Its socket goes elsewhere."""
        if stream.registered:
            stream.registered = False
            self._poller.unregister(stream.socket)

    def _run(self) -> None:
        worker.begin()
        try:
            while (job := self._next()) is not None:
                self._step(*job)
        finally:
            worker.end()
            self._leave()

    def _leave(self) -> None:
        """A thread ends; with the last one after the stop, so does the poller."""
        with self._lock:
            self._threads -= 1
            if self._stopping and not self._threads:
                self._poller.close()
                os.close(self._nudged)

    def _next(self) -> tuple[ThreadStream, BaseException | None] | None:
        """What to step next: waits for it, as the leader where there is none; None when the worker is not needed."""
        with self._lock:
            self._steps += 1
            while True:
                if self._ready:
                    return self._ready.popleft()
                if self._stopping:
                    self._count -= 1
                    return None
                if not self._led:
                    self._lead()
                elif self._stands_by():
                    continue
                else:
                    return None

    def _lead(self) -> None:
        """Wait until something is ready; the lock is held before and after, not while waiting."""
        self._led = True
        self._lock.release()
        try:
            moved = self._poller.poll(_SWEEP, _MOST_EVENTS)
        finally:
            self._lock.acquire()
            self._led = False
        self._take(moved)

    def _stands_by(self) -> bool:
        """Wait to be needed; False, and no longer counted, when that has not happened for so long."""
        self._idle += 1
        needed = self._work.wait(self._size.idle)
        self._idle -= 1
        if needed or self._count <= self._size.least:
            return True
        self._count -= 1
        return False

    def _take(self, moved: list[tuple[int, int]]) -> None:
        for descriptor, _ in moved:
            stream = self._parked.pop(descriptor, None)
            if stream is not None:
                self._ready.append((stream, None))
            elif descriptor == self._nudged:
                with suppress(BlockingIOError):  # another poll was told of it, too
                    os.eventfd_read(descriptor)
        if self._ready and self._calm:
            self._stirred.set()

    def _nudge(self) -> None:
        """See to it that what is ready is found: by one that stands by, or by the leader."""
        if self._idle:
            self._work.notify()
        elif self._led:
            os.eventfd_write(self._nudged, 1)
        if self._calm:
            self._stirred.set()

    def _step(self, stream: ThreadStream, error: BaseException | None) -> None:
        try:
            signal = stream.step(error)
            if signal is Signal.PARKED:
                self.park(stream)
            elif signal is Signal.TURN:
                with self._lock:
                    if not self._led:
                        self._take(self._poller.poll(0, _MOST_EVENTS))  # or those whose turn it is were not known
                    self._ready.append((stream, None))
            elif signal is Signal.TO_LOOP:
                self.forget(stream)
                self._owner.to_loop(stream)
            else:
                self._owner.over(stream, None)
        except BaseException as failure:
            self._owner.over(stream, failure)

    def _add_worker(self) -> None:
        self._count += 1
        self._threads += 1
        threading.Thread(target=self._run, name="worker", daemon=True).start()

    def _watch(self) -> None:
        try:
            self._look_on()
        finally:
            self._leave()

    def _look_on(self) -> None:
        last, quiet = _Look(-1, False, 0.0, 0.0), 0
        swept = time.monotonic()
        while not self._stopping:
            if quiet > _CALM:
                self._calm = True
                self._stirred.wait(_SWEEP)
                self._stirred.clear()
                self._calm, quiet = False, 0
            else:
                time.sleep(_TICK)
            with self._lock:
                look = _Look(self._steps, bool(self._ready), time.monotonic(), time.process_time())
                held = look.steps == last.steps and not self._led and self._idle < self._count
                refused = self._relieve() if held or (look.queued_since(last) and not look.saturated(last)) else []
                quiet = quiet + 1 if look.steps == last.steps and not held else 0
                last = look
                if look.at - swept > _SWEEP:
                    swept = look.at
                    self._sweep(swept)
            for stream in refused:
                self._step(stream, self._owner.refuse(stream))

    def _relieve(self) -> list[ThreadStream]:
        """Another worker for what is ready; where there is none to be had, the streams beyond the end of the queue."""
        if self._idle:
            self._work.notify()
        elif self._count < self._size.most:
            self._add_worker()
        elif not self._led:
            self._take(self._poller.poll(0, _MOST_EVENTS))
            return self._beyond()
        return []

    def _beyond(self) -> list[ThreadStream]:
        """The newest of what is ready, taken out of the queue: as many as are too many, if a refusal can still be said."""
        kept: list[tuple[ThreadStream, BaseException | None]] = []
        refused: list[ThreadStream] = []
        while self._ready and len(self._ready) + len(kept) > self._size.queue:
            job = self._ready.pop()
            if job[0].refusable:
                refused.append(job[0])
            else:
                kept.append(job)
        self._ready.extend(reversed(kept))
        return refused

    def _sweep(self, now: float) -> None:
        """Wake what has waited past its deadline."""
        late = [(descriptor, stream) for descriptor, stream in self._parked.items() if stream.deadline < now]
        for descriptor, stream in late:
            del self._parked[descriptor]
            self._ready.append((stream, TimeoutError()))
        if late:
            self._nudge()


class _Look(NamedTuple):
    """What the watch saw."""

    steps: int
    queued: bool
    at: float
    cpu: float
    """Seconds the process has computed."""

    def queued_since(self, last: _Look) -> bool:
        return self.queued and last.queued

    def saturated(self, last: _Look) -> bool:
        return self.cpu - last.cpu > _SATURATED * (self.at - last.at)
