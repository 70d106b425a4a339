"""What one side showed of one exchange on a kept-alive connection, and the same as a transcript."""

from __future__ import annotations

from typing import NamedTuple

from samewire.access import Access
from samewire.address import Address
from samewire.exchange import Answer, Answered, End, Ended, Observation, Transcript
from samewire.wire import hidden

MAIN = "main"
RECEIVE = 1
"""The step of a record's case that receives."""


class Seen(NamedTuple):
    """One exchange on one side."""

    sent: bytes
    answer: Answer | None
    """None when there was no whole head; `failure` then says why."""
    failure: str = ""
    """As of `Answered`."""
    interim: tuple[Answer, ...] = ()
    end: End = End.REUSABLE
    """Of an answer that does not announce the connection's end: what the next request on it has to prove."""
    surplus: bytes = b""
    plain: bytes = b""
    """The raw answer when it is a well-formed one with Content-Length or without content, and all there is to see."""
    began: float = 0.0
    """Seconds since the epoch."""
    seconds: float = 0.0
    error: str = ""
    """Why nothing could be sent."""


class Side(NamedTuple):
    """What every transcript of one target says of it."""

    target: str
    access: Access
    authority: str
    secrets: tuple[str, ...]

    @classmethod
    def of(cls, target: str, address: Address) -> Side:
        return cls(target, address.access, address.authority, address.access.secrets)


def transcript(seen: Seen, record: str, side: Side) -> Transcript:
    """As `run_case` would write it down."""
    observations: tuple[Observation, ...] = ()
    if not seen.error:
        sent = hidden(seen.sent, side.access) if side.secrets else seen.sent
        answered = Answered(RECEIVE, MAIN, sent, seen.interim, seen.answer, seen.failure)
        observations = answered, Ended(None, MAIN, seen.end, seen.surplus)
    return Transcript(
        record, side.target, observations, seen.seconds, seen.error,
        authority=side.authority, began=seen.began, secrets=side.secrets,
    )  # fmt: skip
