"""Hand-made exchanges."""

from __future__ import annotations

from collections.abc import Sequence

from samewire.compare import Rule, compare
from samewire.exchange import (
    Answer,
    Answered,
    Chunk,
    End,
    Ended,
    Field,
    Framing,
    Message,
    Observation,
    Talked,
    Transcript,
)
from samewire.result import Difference

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
RULES = (
    Rule(place="header.date", check="http-date", within=120),
    Rule(place="header.x-request-id", check="pattern", pattern="[A-Za-z0-9._-]{1,64}"),
    Rule(place="body.json:/instance", check="own-field", field="x-request-id"),
)
FIELDS: tuple[Field, ...] = (("Date", DATE), ("Content-Type", "application/json"))


def answer(
    body: bytes = b"",
    *fields: Field,
    status: int = 200,
    reason: str = "OK",
    version: str = "HTTP/1.1",
    framing: Framing = Framing.LENGTH,
    trailers: tuple[Field, ...] = (),
    chunks: tuple[Chunk, ...] = (),
    complete: bool = True,
    faults: tuple[str, ...] = (),
) -> Answer:
    """An answer with these fields, or with FIELDS."""
    return Answer(version, status, reason, fields or FIELDS, framing, body, chunks, trailers, complete, faults)


def answered(
    found: Answer | None,
    *,
    step: int = 1,
    connection: str = "main",
    interim: tuple[Answer, ...] = (),
    failure: str = "",
    awaited: int | None = None,
) -> Answered:
    return Answered(step, connection, b"", interim, found, failure, awaited)


def ended(end: End = End.REUSABLE, surplus: bytes = b"", connection: str = "main") -> Ended:
    return Ended(None, connection, end, surplus)


def talked(*messages: Message, step: int = 3, failure: str = "") -> Talked:
    return Talked(step, "main", messages, failure)


def transcript(*seen: Observation, run: str = "", authority: str = "", error: str = "") -> Transcript:
    return Transcript("ROU-01", "legacy", seen, 0.1, error, run, authority)


def between(
    old: Answer | Transcript, new: Answer | Transcript, rules: Sequence[Rule] = RULES
) -> tuple[Difference, ...]:
    """What compare finds; an answer stands for a case of one exchange."""
    return compare(_whole(old), _whole(new), rules)


def places(old: Answer | Transcript, new: Answer | Transcript, rules: Sequence[Rule] = RULES) -> list[str]:
    return [difference.place for difference in between(old, new, rules)]


def events(stream: bytes) -> Answer:
    return answer(stream, ("Content-Type", "text/event-stream"), framing=Framing.CHUNKED)


def _whole(given: Answer | Transcript) -> Transcript:
    return given if isinstance(given, Transcript) else transcript(answered(given), ended())
