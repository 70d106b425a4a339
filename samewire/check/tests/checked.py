"""Hand-made transcripts and what checking them finds."""

from __future__ import annotations

from samewire.cases.model import Case
from samewire.check import check
from samewire.exchange import Answer, Answered, Field, Framing, Observation, Transcript

DATE: Field = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
HOST = "127.0.0.1:8000"
RUN = "k3j2"


def answer(body: bytes = b"", *fields: Field, status: int = 200) -> Answer:
    return Answer("HTTP/1.1", status, "OK", (DATE, *fields), Framing.LENGTH, body)


def transcript(*seen: Observation) -> Transcript:
    return Transcript("ROU-01", "legacy", seen, 0.1, run=RUN)


def case(*steps: object) -> Case:
    return Case.model_validate({"id": "ROU-01", "title": "t", "why": "w", "steps": steps})


def failed(expect: dict[str, object], found: Answer | Answered | None) -> list[tuple[str, str, str]]:
    """Place, expected and got of every failure of one exchange."""
    seen = found if isinstance(found, Answered) else Answered(1, "main", b"", (), found)
    asked = case({"send": {}}, {"receive": {"status": 200, **expect}})
    return [(one.place, one.expected, one.got) for one in check(asked, transcript(seen), HOST)]


def places(expect: dict[str, object], found: Answer | Answered | None) -> list[str]:
    return [place for place, _, _ in failed(expect, found)]


def in_body(expected: dict[str, object], content: bytes, *fields: Field) -> list[str]:
    return places({"body": expected}, answer(content, *fields))
