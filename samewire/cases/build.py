"""Constructors that make the common case a line: what is sent, what must come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict, Unpack

from pydantic import JsonValue

from samewire.cases.model import (
    Await,
    Case,
    Content,
    Delivery,
    EventAt,
    Expect,
    ExpectEnd,
    Finish,
    Heard,
    JsonAt,
    Match,
    Pause,
    Raw,
    Receive,
    Relation,
    Request,
    Send,
    Step,
    Talk,
)

Lines = Mapping[str, str] | Sequence[tuple[str, str]]
JsonType = Literal["object", "array", "string", "number", "integer", "boolean", "null"]


class Sending(TypedDict, total=False):
    """What `get`, `post` and `request` may say besides method and target: see `Request` and `Send`."""

    version: Literal["HTTP/1.1", "HTTP/1.0"]
    headers: Lines
    host: bool
    text: str
    base64: str
    json: JsonValue
    form: Lines
    chunks: Sequence[int]
    on: str
    part: Literal["all", "head", "body"]
    delivery: Delivery


class Expecting(TypedDict, total=False):
    """What `expect` may say besides the status: see `Expect`."""

    reason: str
    version: str
    headers: Mapping[str, str | Match]
    interim: Sequence[int]
    framing: Literal["none", "length", "chunked", "close", "stream"]
    body: Content
    events: Sequence[EventAt]
    event_types: str
    complete: bool
    relation: Relation
    keep: Mapping[str, str]
    on: str


class Matching(TypedDict, total=False):
    """What `match` may say: see `Match`."""

    equals: str
    matches: str
    contains: str
    token: str
    absent: bool
    lines: Sequence[str]


def case(id: str, title: str, why: str, *steps: Step, timeout: float = 5.0, unsafe: bool | None = None) -> Case:
    """One numbered case; raises pydantic.ValidationError when it says what no case can say."""
    said = {} if unsafe is None else {"unsafe": unsafe}
    return Case(id=id, title=title, why=why, steps=steps, timeout=timeout, **said)


def request(method: str, target: str = "/", **sending: Unpack[Sending]) -> Send:
    """Send a well-formed request."""
    said = dict(sending)
    step = {key: said.pop(key) for key in ("on", "part", "delivery") if key in said}
    return Send.model_validate({"send": Request.model_validate({"method": method, "target": target, **said}), **step})


def get(target: str = "/", **sending: Unpack[Sending]) -> Send:
    return request("GET", target, **sending)


def head(target: str = "/", **sending: Unpack[Sending]) -> Send:
    return request("HEAD", target, **sending)


def post(target: str = "/", **sending: Unpack[Sending]) -> Send:
    return request("POST", target, **sending)


def raw(bytes: str, *, answers_head: bool = False, on: str = "main", delivery: Delivery = "at once") -> Send:
    """Send bytes to the letter, written as latin-1 text."""
    return Send(send=Raw(bytes=bytes, answers_head=answers_head), on=on, delivery=delivery)


def expect(status: int | Sequence[int], **expecting: Unpack[Expecting]) -> Receive:
    """Read the next answer to its end; one of these statuses, and all else that is said."""
    said = dict(expecting)
    step = {"on": said.pop("on")} if "on" in said else {}
    return Receive.model_validate({"receive": Expect.model_validate({"status": status, **said}), **step})


def awaits(
    what: Literal["interim", "head", "events", "bytes"], count: int = 1, *, status: int | None = None, on: str = "main"
) -> Await:
    """Read until so much of the answer is there, and no further."""
    return Await(awaits=what, count=count, status=status, on=on)


def pauses(*, on: str = "main") -> Pause:
    """Stop reading the connection, until the next step that reads it."""
    return Pause(pauses="reading", on=on)


def finish(how: Literal["half", "close", "reset"], *, on: str = "main") -> Finish:
    """End the client's side."""
    return Finish(finish=how, on=on)


def ends(how: Literal["reusable", "closed", "reset", "dropped", "left"], *, on: str = "main") -> ExpectEnd:
    """How the server must leave the connection."""
    return ExpectEnd(end=how, on=on)


def talk(kind: Literal["text", "binary", "ping", "pong", "close", "frame"], text: str = "", **more: object) -> Talk:
    """Send a WebSocket message or frame; `more` are members of `Talk`."""
    return Talk.model_validate({"talk": kind, "text": text, **more})


def hears(kind: Literal["text", "binary", "ping", "pong", "close"], **more: object) -> Heard:
    """The next WebSocket message from the server; `more` are members of `Heard`."""
    return Heard.model_validate({"hears": kind, **more})


def match(**matching: Unpack[Matching]) -> Match:
    """What a text must be: a plain string, where a text is expected, means `equals`."""
    return Match.model_validate(matching)


def absent() -> Match:
    """No such field, or no such text."""
    return Match(absent=True)


def problem(**members: JsonValue) -> Content:
    """An RFC 9457 problem, with these members."""
    return Content(problem=True, json_at=_members("/", members))


def text(equals: str | None = None, *, matches: str | None = None, contains: str | None = None) -> Content:
    """Content that is this text, or that fits."""
    return Content(text=Match(equals=equals, matches=matches, contains=contains))


def json(at: Mapping[str, JsonValue] | None = None, *more: JsonAt, equals: JsonValue | None = None) -> Content:
    """JSON content: these values at these JSON Pointers (`more` for other claims), or equal as a whole."""
    return Content(json_equals=equals, json_at=(*_members("", at or {}), *more))


def json_at(
    at: str,
    *,
    matches: str | None = None,
    type: JsonType | None = None,
    absent: bool = False,
    length: int | None = None,
) -> JsonAt:
    """A claim about one place of a JSON document other than its exact value."""
    return JsonAt(at=at, matches=matches, type=type, absent=absent, length=length)


def empty() -> Content:
    """No content at all."""
    return Content(empty=True)


def _members(prefix: str, values: Mapping[str, JsonValue]) -> tuple[JsonAt, ...]:
    """In the model an `equals` of null says nothing, so null is asked for by its type."""
    return tuple(
        JsonAt(at=prefix + name, type="null") if value is None else JsonAt(at=prefix + name, equals=value)
        for name, value in values.items()
    )
