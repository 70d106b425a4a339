"""What users of the service do under load, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of request and how often it is made beside the others of its scenario."""

    name: str
    target: str
    kind: Literal["request", "stream"] = "request"
    """A stream is read to its `complete` event, each event timed."""
    weight: int = 1
    accept: str = "application/json"


HEALTH = Action("health", "/health")
STATIC = Action("static file", "/static/style.css", accept="*/*")
LIST = Action("list ask", "/ask?query=dictionary+methods&site=python_docs&streaming=false")
STREAM = Action(
    "streamed ask", "/ask?query=what+is+not+found&generate_mode=summarize", "stream", accept="text/event-stream"
)

SCENARIOS: dict[str, tuple[Action, ...]] = {
    "health": (HEALTH,),
    "list-ask": (LIST,),
    "streamed-ask": (STREAM,),
    "static": (STATIC,),
    "mixed": (
        Action(HEALTH.name, HEALTH.target, weight=4),
        Action(STATIC.name, STATIC.target, weight=2, accept="*/*"),
        Action(LIST.name, LIST.target, weight=3),
        Action(STREAM.name, STREAM.target, "stream", 1, STREAM.accept),
    ),
}
