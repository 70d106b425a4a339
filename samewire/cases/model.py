"""A case: what is sent, what must come back, and why; the same model in Python and in YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue


class Value(BaseModel):
    """Frozen, and closed against keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _pairs(given: Any) -> Any:
    return tuple(given.items()) if isinstance(given, Mapping) else given


FieldLines = Annotated[
    tuple[tuple[str, str], ...],
    BeforeValidator(_pairs, json_schema_input_type=dict[str, str] | tuple[tuple[str, str], ...]),
]
"""Field lines in order; in YAML a mapping, or a list of pairs where a name repeats."""


class Request(Value):
    """A well-formed request, written by the harness exactly as described and with nothing added but Host and framing.

    In target, header values and text, `${run}` stands for a token that is new in each run of the case on each target,
    and `${host}` for the target's authority.
    """

    method: str = "GET"
    target: str = "/"
    version: Literal["HTTP/1.1", "HTTP/1.0"] = "HTTP/1.1"
    headers: FieldLines = ()
    host: bool = True
    """Whether a Host line comes first; a `Host` in `headers` replaces it."""
    text: str | None = None
    """The content, sent as UTF-8."""
    base64: str | None = None
    json_value: JsonValue | None = Field(default=None, alias="json")
    form: FieldLines | None = None
    chunks: tuple[int, ...] | None = None
    """Send the content chunked, in chunks of these sizes; the last size repeats. Else with Content-Length."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Raw(Value):
    """Bytes to the letter: `bytes` is latin-1 text, so `\\r\\n` and `\\xff` say what they are; `${host}`, `${run}` apply."""

    bytes: str
    answers_head: bool = False
    """The answer is to a HEAD request, so it has no content whatever its fields say."""


Delivery = Literal["at once", "byte by byte"] | tuple[int, ...]
"""How a message is cut into writes; numbers are offsets to cut at. Nagle's algorithm is off."""


class Send(Value):
    """Write a request, or a part of it."""

    send: Request | Raw
    on: str = "main"
    """The connection, opened when first named."""
    part: Literal["all", "head", "body"] = "all"
    delivery: Delivery = "at once"


class Match(Value):
    """What a text must be; all that is given must hold."""

    equals: str | None = None
    matches: str | None = None
    """A regular expression for the whole of it."""
    contains: str | None = None
    token: str | None = None
    """A member of a comma-separated list, compared without case."""
    absent: bool = False
    lines: tuple[str, ...] | None = None
    """For a field: the values of its lines, in order."""


def _match(given: Any) -> Any:
    return {"equals": given} if isinstance(given, str) else given


TextMatch = Annotated[Match, BeforeValidator(_match, json_schema_input_type=str | Match)]


class JsonAt(Value):
    """What stands at one place of a JSON document."""

    at: str
    """A JSON Pointer (RFC 6901); the whole document is ``."""
    equals: JsonValue | None = None
    matches: str | None = None
    type: Literal["object", "array", "string", "number", "integer", "boolean", "null"] | None = None
    absent: bool = False
    length: int | None = None


class Content(Value):
    """What an answer's content must be; all that is given must hold."""

    text: TextMatch | None = None
    base64: str | None = None
    json_equals: JsonValue | None = None
    json_at: tuple[JsonAt, ...] = ()
    length: int | None = None
    sha256: str | None = None
    empty: bool = False
    problem: bool = False
    """An RFC 9457 problem: the five members, `status` the answer's, `instance` its X-Request-ID, and its media type."""


class EventAt(Value):
    """One server-sent event (WHATWG HTML section 9.2)."""

    data: TextMatch | None = None
    event: TextMatch | None = None
    id: TextMatch | None = None
    json_at: tuple[JsonAt, ...] = ()


Relation = Literal["head", "options", "not-modified", "refused", "range", "coding", "whole"]
"""How an answer relates to the full one, a GET's 200: see `samewire.relations`."""


class Expect(Value):
    """What an answer must be; what is not mentioned is free (and still compared between targets)."""

    status: int | tuple[int, ...]
    """One of several; of none, `[]`, any: where `relation` says what it must be."""
    reason: str | None = None
    version: str = "HTTP/1.1"
    headers: Mapping[str, TextMatch] = {}
    interim: tuple[int, ...] = ()
    """The statuses of the interim answers before it, all of them."""
    framing: Literal["none", "length", "chunked", "close", "stream"] | None = None
    body: Content | None = None
    events: tuple[EventAt, ...] | None = None
    """The events of the stream, all of them, in order."""
    event_types: str | None = None
    """A regular expression for the `message_type` members of the events' JSON, joined by single spaces."""
    complete: bool = True
    """False: the answer must be cut off before its framing ends."""
    relation: Relation | None = None
    """What it must be beside the full answers of the case, which are those of its other receive steps: the answer of
    the same server to a plain GET, asked once or, so that what varies of itself is known, several times."""
    keep: Mapping[str, str] = {}
    """Values for later steps: `{"etag": "ETag"}` lets `${etag}` stand for the value of this answer's ETag, and
    `{"id": "/items/0/id"}` lets `${id}` stand for what is at that JSON Pointer of its content."""


class Receive(Value):
    """Read the next answer to its end and hold it against the expectation."""

    receive: Expect
    on: str = "main"


class Await(Value):
    """Read until so much of the current answer is there, and no further: proof that it left the server by now."""

    awaits: Literal["interim", "head", "events", "bytes"]
    count: int = 1
    status: int | None = None
    """Of the interim answer."""
    on: str = "main"


class Finish(Value):
    """End the client's side: `half` sends FIN and still reads, `close` closes, `reset` aborts with RST."""

    finish: Literal["half", "close", "reset"]
    on: str = "main"


class Pause(Value):
    """Stop reading: what the server sends fills the kernel's buffers, until it has to wait.

    The next step that reads this connection goes on; a `finish` leaves in the midst of it. That the server waits, or
    goes on for others, shows in what another connection is answered, never in a time.
    """

    pauses: Literal["reading"]
    on: str = "main"


class ExpectEnd(Value):
    """How the server must leave the connection after the last answer.

    Of a WebSocket: `closed` after its Close frame, `dropped` without one, `left` when it is open and answers a ping.
    """

    end: Literal["reusable", "closed", "reset", "dropped", "left"]
    on: str = "main"


class Talk(Value):
    """One WebSocket message or raw frame from the client, after a 101."""

    talk: Literal["text", "binary", "ping", "pong", "close", "frame"]
    text: str = ""
    base64: str | None = None
    repeat: int = 1
    """The payload is repeated so often: long messages in short cases."""
    code: int | None = None
    """Of a close frame."""
    fragments: int = 1
    on: str = "main"


class Heard(Value):
    """The next WebSocket message from the server."""

    hears: Literal["text", "binary", "ping", "pong", "close"]
    text: TextMatch | None = None
    base64: str | None = None
    length: int | None = None
    code: int | None = None
    on: str = "main"


Step = Send | Receive | Await | Pause | Finish | ExpectEnd | Talk | Heard


class Case(Value):
    """One numbered case of the contract."""

    id: str = Field(pattern=r"^[A-Z0-9]+-\d+[a-z]?(\.[a-z0-9-]+)*$")
    """The catalogue's number, with a suffix where several cases share it: `ROU-05`, `ROU-05.utf8`; a further one where
    a case is derived from it: `ROU-05.utf8.head`."""
    title: str
    """A sentence that is true when the case passes."""
    why: str
    """The source: an RFC section with its sentence in short, or the contract's own decision."""
    steps: tuple[Step, ...] = Field(min_length=1)
    timeout: float = 5.0
    """Seconds to wait for any one step."""
    unsafe: bool = False
    """Whether it changes state on the target that later cases could see; where neither is said, a target that is not
    disposable is spared what sends other methods than GET, HEAD and OPTIONS, unless `--allow-unsafe` is given."""
