"""Holds an answer's content against what it must be."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256

from samewire.ascii import lower
from samewire.cases.model import Content, EventAt, JsonAt
from samewire.check.filling import Filling
from samewire.check.json_places import check_places, described, equal, find, words
from samewire.check.matching import check_text
from samewire.compare import decode, digest, media_type
from samewire.compare.json_tokens import parse
from samewire.exchange import Answer, Whole
from samewire.failing import ABSENT, failure
from samewire.result import Failure
from samewire.wire.sse import Event
from samewire.wire.sse import parse as parse_events


def check_content(content: Content, answer: Answer, filling: Filling) -> Iterator[Failure]:
    """What the content misses: texts and JSON are read without its content coding, bytes are taken as they came."""
    text = decode(answer).decode("utf-8", "replace")
    yield from _check_bytes(content, answer)
    if content.text is not None:
        yield from check_text("body", content.text, text, filling)
    if _json_given(content):
        yield from _check_json(content, text, filling)
    yield from check_places("body", content.json_at, text, filling)
    if content.problem:
        yield from _check_problem(answer, text, filling)


def check_events(expected: tuple[EventAt, ...], answer: Answer, filling: Filling) -> Iterator[Failure]:
    """What the stream's events miss: their number, and each of them."""
    events = _events(answer)
    if len(events) != len(expected):
        yield failure("sse.count", str(len(expected)), f"{len(events)}: {' '.join(event.data for event in events)}")
    for index, (wanted, event) in enumerate(zip(expected, events, strict=False)):
        yield from _check_event(f"sse[{index}]", wanted, event, filling)


def message_types(answer: Answer) -> str:
    """The `message_type` members of the events' JSON joined by single spaces; `?` for an event without one."""
    return " ".join(_message_type(event) for event in _events(answer))


def _check_bytes(content: Content, answer: Answer) -> Iterator[Failure]:
    body, whole = answer.body, answer.whole or Whole(len(answer.body), "")
    shown = digest(body) if answer.whole is None else f"{whole.size} bytes, sha256 {whole.sha256}"
    if content.empty and body:
        yield failure("body", "empty", shown)
    if content.length is not None and whole.size != content.length:
        yield failure("body", f"{content.length} bytes", shown)
    if content.base64 is not None and (answer.whole or body != b64decode(content.base64)):
        yield failure("body", digest(b64decode(content.base64)), shown)
    if content.sha256 is not None and (found := whole.sha256 or sha256(body).hexdigest()) != lower(content.sha256):
        yield failure("body", f"sha256 {content.sha256}", f"sha256 {found}, {whole.size} bytes")


def _json_given(content: Content) -> bool:
    """Whether the whole document is given; None is JSON's null when nothing else is asked."""
    return content.json_equals is not None or content.model_fields_set == {"json_equals"}


def _check_json(content: Content, text: str, filling: Filling) -> Iterator[Failure]:
    document, wanted = parse(text), filling.value(content.json_equals)
    if document is None or not equal(document, wanted):
        yield failure("body", described(wanted), text)


def _check_problem(answer: Answer, text: str, filling: Filling) -> Iterator[Failure]:
    if (found := media_type(answer)) != "application/problem+json":
        yield failure("header.content-type", "application/problem+json (RFC 9457)", found or ABSENT)
    request_id = ", ".join(answer.values("x-request-id"))
    places = (
        *(JsonAt(at=f"/{name}", type="string") for name in ("type", "title", "detail")),
        JsonAt(at="/status", equals=answer.status),
        JsonAt(at="/instance", equals=request_id),
    )
    yield from check_places("body", places, text, filling)


def _check_event(place: str, wanted: EventAt, event: Event, filling: Filling) -> Iterator[Failure]:
    if wanted.data is not None:
        yield from check_text(f"{place}.data", wanted.data, event.data, filling)
    if wanted.event is not None:
        yield from check_text(f"{place}.event", wanted.event, event.event or None, filling)
    if wanted.id is not None:
        yield from check_text(f"{place}.id", wanted.id, event.id, filling)
    yield from check_places(f"{place}.data", wanted.json_at, event.data, filling)


def _events(answer: Answer) -> list[Event]:
    return [event for event in parse_events(decode(answer)) if event.dispatched]


def _message_type(event: Event) -> str:
    document = parse(event.data)
    found = find(document, "/message_type") if document is not None else None
    return "?" if found is None else words(found)
