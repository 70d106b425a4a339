"""One kept-alive connection to a server: a request out, its answer in; the only file here with a socket in it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable

from samewire.exchange import End
from samewire.replay.plain import plain
from samewire.replay.seen import Seen
from samewire.wire.conversation import CLOSED, RESET, TIMED_OUT, UNREADABLE
from samewire.wire.limits import LIMITS
from samewire.wire.parser import Parser, State

_READ = 64 * 1024
Done = Callable[[Seen], None]


class Lane:
    """Carries one exchange at a time. Nothing raises for what the server does; `expire` ends what takes too long.

    What comes is read by `plain` if that can, else by the parser of `samewire.wire`, whose word counts.
    """

    __slots__ = ("_afterwards", "_answered", "_began", "_cut", "_done", "_loop", "_method", "_origin", "_out", "_parser", "_reading", "_sent", "_socket", "asked", "broken_off", "deadline", "ended", "stray")  # fmt: skip

    def __init__(self, connected: socket.socket) -> None:
        """`connected` is non-blocking, and the lane's own from now on."""
        self._loop = asyncio.get_running_loop()
        self._socket = connected
        self._done: Done | None = None
        self._parser: Parser | None = None
        self._answered: Seen | None = None
        """An answer that no more is expected of, until the connection ends or the rest of the request is taken."""
        self._afterwards = 0
        """Bytes that came after it."""
        self._out = memoryview(b"")
        self._cut = False
        """Whether the server did not take the whole request."""
        self.ended: End | None = None
        """CLOSED or RESET once the server has ended its side."""
        self.stray = b""
        """What came while no answer was due."""
        self.asked = 0
        """Exchanges so far."""
        self.broken_off = False
        """Whether the connection ended before a byte of the answer came."""
        self.deadline = float("inf")
        """On the event loop's clock."""
        self._loop.add_reader(connected, self._readable)
        self._reading = True

    def ask(self, data: bytes, method: str, limit: float, done: Done) -> None:
        """Send a request; `done` is called once, from the event loop, when what there is to see has been seen."""
        self._done, self._method, self._sent = done, method, data
        self._parser = self._answered = None
        self._afterwards = 0
        self._cut = False
        self.asked += 1
        self.broken_off = False
        self._began = time.time()
        self._origin = self._loop.time()
        self.deadline = self._origin + limit
        if self.ended is not None:
            self._loop.call_soon(self._lost)
            return
        self._write(memoryview(data))

    @property
    def usable(self) -> bool:
        """Whether a further request may go out on it."""
        return self.ended is None and self._done is None and not self.stray

    def expire(self) -> None:
        """The deadline has passed: see what there is."""
        if self._done is None:
            return
        if self._answered is not None:
            self._finish(self._answered._replace(surplus=self._surplus()))
        else:
            self._finish(self._partial(TIMED_OUT, End.STUCK))
        self.close()

    def close(self) -> None:
        """Close both directions."""
        self._stop_reading()
        if self._out:
            self._loop.remove_writer(self._socket)
            self._out = memoryview(b"")
        self._socket.close()
        self.ended = self.ended or End.CLOSED

    def _write(self, data: memoryview) -> None:
        try:
            taken = self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            taken = 0
        except OSError:  # what the server sent before it ended the connection can still be read
            self._cut = True
            return
        self._out = data[taken:]
        if self._out:
            self._loop.add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        rest, self._out = self._out, memoryview(b"")
        self._loop.remove_writer(self._socket)
        self._write(rest)
        if self._answered is not None and self._answered.end is End.LEFT and not (self._out or self._cut):
            self._go_on()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end(End.RESET)
            return
        if not data:
            self._end(End.CLOSED)
        elif self._done is None:
            self.stray += data
            self._stop_reading()
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        at = self._loop.time()
        if self._parser is None:
            since = at - self._origin
            answer = plain(data, self._method, since)
            if answer is not None and not self._out and not self._cut:
                self._finish(Seen(self._sent, answer, plain=data, began=self._began, seconds=since))
                return
            self._parser = Parser()
            self._parser.begin(self._method, self._origin)
        self._parser.feed(data, at)
        if self._answered is None:
            self._judge(self._parser)
            return
        self._afterwards += len(data)
        if self._afterwards > LIMITS.content:
            self.expire()

    def _judge(self, parser: Parser) -> None:
        """Whether the answer is whole, or can't become so."""
        if parser.state is State.BROKEN:
            fault = f"{UNREADABLE}: {parser.faults[-1]}" if parser.faults else UNREADABLE
            self._answered = self._partial(fault, End.STUCK)
        elif parser.state is State.DONE and parser.tunnels:
            self._finish(self._partial("", End.LEFT))
            self.close()
        elif parser.state is State.DONE and parser.closes:
            self._answered = self._partial("", End.STUCK)
        elif parser.state is State.DONE and (self._out or self._cut):
            self._answered = self._partial("", End.LEFT)
        elif parser.state is State.DONE:
            self._go_on()

    def _go_on(self) -> None:
        """The answer is whole, and says that the connection goes on."""
        self.stray = self._surplus()
        self._finish(self._partial("", End.REUSABLE))

    def _end(self, end: End) -> None:
        self._stop_reading()
        self.ended = end
        if self._done is not None:
            self._lost()

    def _lost(self) -> None:
        """The server has ended its side while an exchange is under way."""
        parser, end = self._parser, self.ended or End.CLOSED
        if self._answered is not None:
            self._finish(self._answered._replace(end=end, surplus=self._surplus()))
            return
        self.broken_off = parser is None
        if parser is not None and end is End.CLOSED:
            parser.end()
            if parser.state is State.DONE:
                self._finish(self._partial("", End.CLOSED))
                return
        self._finish(self._partial(CLOSED if end is End.CLOSED else RESET, end))

    def _partial(self, failure: str, end: End) -> Seen:
        """What came so far."""
        parser = self._parser
        return Seen(
            sent=self._sent,
            answer=parser.answer if parser else None,
            failure=failure,
            interim=tuple(parser.interim) if parser else (),
            end=end,
            surplus=self._surplus(),
            began=self._began,
            seconds=self._loop.time() - self._origin,
        )

    def _surplus(self) -> bytes:
        return self._parser.surplus if self._parser else b""

    def _finish(self, seen: Seen) -> None:
        done, self._done = self._done, None
        self.deadline = float("inf")
        if done is not None:
            done(seen)

    def _stop_reading(self) -> None:
        if self._reading:
            self._loop.remove_reader(self._socket)
            self._reading = False
