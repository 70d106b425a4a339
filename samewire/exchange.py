"""What was observed on the wire, as values: the only thing that checks and comparisons read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from samewire.ascii import lower

Field = tuple[str, str]
"""One field line as it stood: name and value decoded as latin-1, so that no byte is lost."""


class Framing(StrEnum):
    """How the end of a message's content is known (RFC 9112 section 6.3)."""

    NONE = "none"
    """No content by rule: interim answers, 204, 304, answers to HEAD."""
    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"
    STREAM = "stream"
    """The end of its HTTP/2 stream (RFC 9113 section 8.1)."""


class End(StrEnum):
    """What became of a connection after the last answer."""

    REUSABLE = "reusable"
    """A further request on it was answered."""
    CLOSED = "closed"
    """The server closed it in order (FIN), with nothing after the last answer; of a WebSocket, after its Close frame."""
    RESET = "reset"
    STUCK = "stuck"
    """Neither closed nor answering within the limit; of a WebSocket, not closed after the closing handshake either,
    where the server is the one to close (RFC 6455 section 7.1.1)."""
    LEFT = "left"
    """The client closed it, as the case asks; of a WebSocket also: it is open still, and the server answered a ping."""
    DROPPED = "dropped"
    """The server ended a WebSocket's connection without a Close frame (RFC 6455 section 7.1.4: not cleanly)."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk as sent (RFC 9112 section 7.1), one DATA frame, or, without either, one read from the socket."""

    data: bytes
    extension: str
    at: float
    """Seconds since the request's first byte was sent. Reads coalesce: good for a look, not for a verdict."""


class Whole(NamedTuple):
    """A content of which only the beginning is kept."""

    size: int
    """Bytes."""
    sha256: str
    """In hexadecimal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, interim or final."""

    version: str
    """As sent: `HTTP/1.1`; `HTTP/2`, which says it nowhere and has no `reason`."""
    status: int
    reason: str
    fields: tuple[Field, ...]
    framing: Framing
    body: bytes = b""
    """The content with its transfer coding removed and its content coding kept; its beginning when `whole` is given."""
    chunks: tuple[Chunk, ...] = ()
    trailers: tuple[Field, ...] = ()
    complete: bool = True
    """False when the connection ended, or patience did, before the framing said so."""
    faults: tuple[str, ...] = ()
    """What in it breaks the grammar of RFC 9112, in words."""
    head_at: float = 0.0
    """Seconds from the request's first byte to the end of this head."""
    whole: Whole | None = None
    """None when all of the content is in `body`; else what all of it is."""

    def values(self, name: str) -> tuple[str, ...]:
        """The values of every line of that name, in order."""
        wanted = lower(name)
        return tuple([value for line, value in self.fields if lower(line) == wanted])


class Kind(StrEnum):
    """What a WebSocket frame or message is (RFC 6455 section 5.6)."""

    TEXT = "text"
    BINARY = "binary"
    PING = "ping"
    PONG = "pong"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Message:
    """One WebSocket message or control frame from the server."""

    kind: Kind
    data: bytes = b""
    """The payload; of a close frame, its reason."""
    code: int | None = None
    """Of a close frame: its code, or None when it had none."""
    at: float = 0.0
    faults: tuple[str, ...] = ()
    """What in its frames breaks the grammar of RFC 6455, in words."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A receive step: the next answer on a connection, with the interim ones before it."""

    step: int
    """Index into the case's steps."""
    connection: str
    sent: bytes
    """All bytes sent on this connection since the previous answer ended; a target's credentials by their names."""
    interim: tuple[Answer, ...]
    answer: Answer | None
    """None when there was no whole head; `failure` then says why."""
    failure: str = ""
    """Why the answer is missing or incomplete: `timed out`, `closed`, `reset`, or `unreadable: ...` and the fault; in
    HTTP/2 also `stream reset: CODE` and `going away: CODE` (RFC 9113 section 7), `NO_ERROR` among them; of a step that awaits, also `missed`: the answer was whole, or its final head there, without what was awaited."""
    awaited: int | None = None
    """None but for a step that awaits a part of an answer: how much of what it asks for had come in time. Its `answer`
    is what was there by then; the step that receives shows the same answer whole."""


@dataclass(frozen=True, slots=True)
class Talked:
    """A WebSocket step: what the server sent."""

    step: int
    connection: str
    messages: tuple[Message, ...]
    failure: str = ""
    """Why there is no message: as of an answer, or `not upgraded`."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a connection ended: observed at an `end` step, and for every connection when the case is over."""

    step: int | None
    connection: str
    end: End
    surplus: bytes = b""
    """Bytes that came after the last answer and belong to none."""
    close: Message | None = None
    """Of a WebSocket: the server's Close frame, when no step heard it."""


Observation = Answered | Talked | Ended


@dataclass(frozen=True, slots=True)
class Transcript:
    """One case run once on one target."""

    case: str
    target: str
    observations: tuple[Observation, ...]
    seconds: float
    error: str = ""
    """Why the case could not be carried out at all (connection refused); then nothing was observed."""
    run: str = ""
    """What `${run}` stood for in this run."""
    authority: str = ""
    """What `${host}` stood for: the target's authority."""
    began: float = 0.0
    """When the first byte was about to be sent, in seconds since the epoch: dates in answers are read against it."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """The target's credentials, which differ between targets by design; where the server echoed one, it stands for
    `${credential}`, and it must not be shown."""
