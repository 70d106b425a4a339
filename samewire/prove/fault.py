"""A fault that the proxy can inject, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from samewire.cases.model import Case, Step
from samewire.prove.channel import Tamper


class Kind(StrEnum):
    """What of an exchange it spoils."""

    STATUS = "status line"
    FIELDS = "fields"
    JSON = "JSON"
    CONTENT = "content"
    FRAMING = "framing"
    CONNECTION = "connection"
    INTERIM = "interim answers"
    EVENTS = "server-sent events"
    ARRIVAL = "arrival"
    WEBSOCKET = "WebSocket"
    METHODS = "methods"
    REQUEST = "the request"
    LENIENCY = "leniency"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a new server may be wrong; or, when it is harmless, no way at all."""

    name: str
    """`fields.vary-lost`: what `--fault` takes."""
    kind: Kind
    does: str
    """What a client would see, as a clause: `the field Vary is lost`."""
    needs: str
    """What a case must do to exercise it, as a clause: `an answer with Vary`."""
    example: tuple[Step, ...]
    """The steps of such a case."""
    tamper: Tamper
    beside: str = ""
    """A place that differs because of it and proves nothing: Content-Length, where the content is another."""
    harmless: bool = False
    """A control: it changes what does not matter, and a comparison that reports it is wrong."""

    def case(self) -> Case:
        """A case to paste, its path to be filled in."""
        words = f"{self.does[0].upper()}{self.does[1:]}: this case would show it."
        return Case(id="OWN-01", title=self.needs, why=words, steps=self.example)
