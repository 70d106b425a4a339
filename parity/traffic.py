"""One request of some traffic, whatever source it came from: what sources make, and what is replayed and generated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from parity.exchange import Field

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
"""RFC 9110 section 9.2.1, without TRACE, which servers refuse."""


class RecordedAnswer(NamedTuple):
    """What the source says was answered: only to recognise ids in it that later requests use."""

    status: int
    fields: tuple[Field, ...] = ()
    body: bytes = b""


class Record(NamedTuple):
    """One request.

    Host, Content-Length, Transfer-Encoding and Connection are not among its fields: they belong to the target and to the
    connection it is sent on. A record of raw bytes has only `id`, `raw` and `answers_head`.
    """

    id: str
    """Where it stands: `traffic.har:17`, counted from 1."""
    method: str = "GET"
    target: str = "/"
    """Origin-form, as it was recorded; what comes before a base path is not in it."""
    fields: tuple[Field, ...] = ()
    body: bytes | None = None
    raw: bytes | None = None
    """To the letter, and sent as it is; nothing else of the record then counts."""
    answers_head: bool = False
    """Of raw bytes: the answer has no content whatever its fields say."""
    session: str = ""
    """Records of one session are sent in their order, one after the other; those without one in any order."""
    answer: RecordedAnswer | None = None

    @property
    def safe(self) -> bool:
        """Whether it asks for no change of state (RFC 9110 section 9.2.1); of raw bytes, by their first word."""
        method = self.method if self.raw is None else self.raw.split(b" ", 1)[0].decode("latin-1").lstrip("\r\n")
        return method in SAFE_METHODS


class Skipped(NamedTuple):
    """A record that is not sent, and why."""

    id: str
    reason: str
    """Without what is particular to this record, so that equal reasons can be counted."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the records of one source: read = sent + those skipped."""

    source: str
    read: int
    sent: int
    skipped: tuple[tuple[str, int], ...] = ()
    """Each reason, and how many records it kept back."""
    lacking: tuple[str, ...] = ()
    """Why the rest is no evidence of the whole, a sentence each: it broke off, or what was to be sent could not be."""
