"""The answers on one connection out of the bytes a server sends, however broken; no socket, no clock.

A breach of RFC 9112 is a fault in words, and reading goes on where sense can be made of what follows. How the bytes are
cut into pieces changes nothing but the times, and without chunked coding the pieces kept in `Answer.chunks`.
"""

from __future__ import annotations

from enum import Enum, auto

from samewire.exchange import Answer, Framing
from samewire.wire.content import Content, Progress
from samewire.wire.faults import Faults
from samewire.wire.framing import closes, framed, interim, tunnels
from samewire.wire.head import Head, block_end, parse_head
from samewire.wire.limits import LIMITS, Limits

_PREFIX = b"HTTP/"


class State(Enum):
    """Where the parser stands."""

    IDLE = auto()
    """Before `begin`: what comes belongs to no answer yet."""
    HEAD = auto()
    CONTENT = auto()
    DONE = auto()
    BROKEN = auto()
    """What follows can't be read as an answer; it stays in `surplus`."""


class Parser:
    """Call `begin` for each answer that is due and `feed` for each read; `state` says how far that got."""

    __slots__ = ("_at", "_buffer", "_content", "_faults", "_framing", "_head", "_head_at", "_limits", "_method", "_origin", "_scanned", "interim", "state")  # fmt: skip

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._at = 0.0
        self.state = State.IDLE
        self._due("GET", 0.0)

    def begin(self, method: str, origin: float) -> None:
        """The next answer is due, to a request of that method whose first byte was sent at `origin`."""
        if self.state is not State.BROKEN:
            self._due(method, origin)
            self.state = State.HEAD
            self._advance()

    def feed(self, data: bytes, at: float) -> None:
        """What was read at `at`, on the clock of `origin`."""
        self._buffer += data
        self._at = at
        self._advance()

    def end(self) -> None:
        """The server sent FIN: content that only this delimits is whole."""
        if self.state is State.CONTENT and self._framing is Framing.CLOSE:
            self.state = State.DONE

    @property
    def surplus(self) -> bytes:
        """What came and belongs to no answer, or to one that is not begun or can't be read."""
        return bytes(self._buffer)

    def take_surplus(self) -> bytes:
        """The same, and it is forgotten: after 101 it is the other protocol's."""
        taken = self.surplus
        self._buffer.clear()
        return taken

    @property
    def size(self) -> int:
        """Bytes of content so far."""
        return self._content.size if self._content is not None else 0

    def content(self, start: int) -> bytes:
        """What is kept of the content so far, from `start`."""
        return self._content.kept.data(start) if self._content is not None else b""

    @property
    def over(self) -> bool:
        """Whether no more of the answer can come."""
        return self.state in {State.DONE, State.BROKEN}

    @property
    def head_seen(self) -> bool:
        """Whether the final answer's head is whole."""
        return self._head is not None

    @property
    def tunnels(self) -> bool:
        """Whether what follows this answer is another protocol's."""
        return self._head is not None and tunnels(self._head, self._method)

    @property
    def closes(self) -> bool:
        """Whether the final answer says that the connection ends with it."""
        return self._head is not None and closes(self._head.version, self._head.fields, self._framing)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the answer under way."""
        return self._faults.all()

    @property
    def answer(self) -> Answer | None:
        """The final answer as far as it came; None before its whole head."""
        if self._head is None or self._content is None:
            return None
        return Answer(
            *self._head,
            framing=self._framing,
            body=self._content.kept.data(),
            chunks=self._content.kept.chunks(self._origin),
            trailers=self._content.trailers,
            complete=self.state is State.DONE,
            faults=self._faults.all(),
            head_at=self._head_at,
            whole=self._content.kept.whole,
        )

    def _due(self, method: str, origin: float) -> None:
        self._method = method
        self._origin = origin
        self._faults = Faults()
        self._head: Head | None = None
        self._head_at = 0.0
        self._framing = Framing.NONE
        self._content: Content | None = None
        self._scanned = 0
        self.interim: list[Answer] = []

    def _advance(self) -> None:
        while self.state is State.HEAD:
            if not self._read_head():
                return
        if self.state is State.CONTENT and self._content is not None:
            progress = self._content.take(self._buffer, self._at)
            if progress is not Progress.MORE:
                self.state = State.DONE if progress is Progress.DONE else State.BROKEN

    def _read_head(self) -> bool:
        """Whether a head was read; else more must come, or nothing can."""
        self._skip_empty_lines()
        if self._buffer[: len(_PREFIX)] != _PREFIX[: len(self._buffer)]:
            return self._break("what stands where a status line is due does not begin with HTTP/")
        end = block_end(self._buffer, self._scanned)
        self._scanned = len(self._buffer)
        if end > self._limits.head or (end < 0 and self._scanned > self._limits.head):
            return self._break(f"the head is longer than {self._limits.head} bytes")
        if end < 0:
            return False
        self._take_head(end)
        return True

    def _take_head(self, end: int) -> None:
        head = parse_head(bytes(self._buffer[:end]), self._faults)
        how = framed(head, self._method, self._faults)
        del self._buffer[:end]
        self._scanned = 0
        if interim(head) and len(self.interim) < self._limits.interim:
            self._keep_interim(head)
            return
        self._head, self._framing, self._head_at = head, how.framing, self._at - self._origin
        self._content = Content(how, self._limits, self._faults)
        self.state = State.CONTENT

    def _keep_interim(self, head: Head) -> None:
        self.interim.append(
            Answer(*head, framing=Framing.NONE, faults=self._faults.all(), head_at=self._at - self._origin)
        )
        self._faults = Faults()

    def _skip_empty_lines(self) -> None:
        if self._buffer.startswith((b"\r", b"\n")):
            self._faults.add("empty lines stand before the status line")
            self._buffer[:] = self._buffer.lstrip(b"\r\n")
            self._scanned = 0

    def _break(self, fault: str) -> bool:
        self._faults.add(fault)
        self.state = State.BROKEN
        return False
