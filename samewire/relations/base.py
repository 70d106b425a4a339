"""Which cases others are derived from: a single plain GET that was answered with a whole 200."""

from __future__ import annotations

from typing import NamedTuple

from samewire.ascii import lower
from samewire.cases.model import Case, ExpectEnd, Receive, Request, Send
from samewire.compare import media_type
from samewire.exchange import Answer, Answered, Framing, Transcript

SLOWEST = 1.0
"""Seconds: a request that took longer is not asked again and again."""
_NOT_PLAIN = frozenset(("connection", "expect", "range", "upgrade"))
_MANY = 2


class Base(NamedTuple):
    """A GET, and how it was answered."""

    case: Case
    request: Request
    answer: Answer

    @property
    def streams(self) -> bool:
        """Whether the answer is made while it is sent, by all that shows."""
        many = self.answer.framing is Framing.CHUNKED and len(self.answer.chunks) > _MANY
        return many or media_type(self.answer) == "text/event-stream"

    @property
    def key(self) -> tuple[str, str]:
        """What is asked for: one of those that agree in it is enough."""
        accept = (value for name, value in self.request.headers if lower(name) == "accept")
        return self.request.target, ", ".join(accept)


def base_of(case: Case, transcript: Transcript) -> Base | None:
    """The case and its answer, if others can be derived from it."""
    request = _single_get(case)
    if request is None or transcript.error:
        return None
    seen = [one for one in transcript.observations if isinstance(one, Answered)]
    if len(seen) != 1 or seen[0].interim or seen[0].answer is None:
        return None
    answer = seen[0].answer
    right = answer.status == 200 and answer.complete and not answer.faults
    return Base(case, request, answer) if right and took(answer) <= SLOWEST else None


def took(answer: Answer) -> float:
    """Seconds from the request's first byte to the answer's last."""
    return max(answer.head_at, *(chunk.at for chunk in answer.chunks[-1:]), 0.0)


def _single_get(case: Case) -> Request | None:
    """The request of a case that sends nothing else and does nothing special with the connection."""
    first, *others = case.steps
    plain = all(isinstance(step, Receive | ExpectEnd) for step in others)
    if case.unsafe or not plain or not isinstance(first, Send) or first.part != "all":
        return None
    request = first.send
    if not isinstance(request, Request) or request.method != "GET" or not request.host or _has_content(request):
        return None
    named = {lower(name) for name, _ in request.headers}
    special = named & _NOT_PLAIN or any(name.startswith("if-") for name in named)
    return request if request.version == "HTTP/1.1" and not special else None


def _has_content(request: Request) -> bool:
    return bool(request.model_fields_set & {"text", "base64", "json_value", "form", "chunks"})
