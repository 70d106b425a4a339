"""One request of some traffic, whatever source it came from: what sources make, and what is replayed and generated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from samewire.exchange import Field

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
"""RFC 9110 section 9.2.1, without TRACE, which servers refuse."""
_SAFE = frozenset(method.encode() for method in SAFE_METHODS)
_REQUEST_LINE = re.compile(
    rb"(?<!\S)(\S++)[ \t\f\v]++\S++[ \t\f\v]++HTTP/[0-9]"  # of any version, wherever in its line it begins
    rb"|^[ \t\f\v]*+([\w!#$%&'*+.^`|~-]++)[ \t\f\v]++(?:/|\*|https?://)\S*+[ \t\f\v]*+\r?$",  # of none
    re.IGNORECASE | re.MULTILINE,
)


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
        """Whether it asks for no change of state (RFC 9110 section 9.2.1)."""
        return self.method in SAFE_METHODS if self.raw is None else asks_no_change(self.raw)


def asks_no_change(data: bytes) -> bool:
    """Whether bytes that are sent as they are begin with a safe method, and hold no request line of any other.

    Where one request ends and the next begins is for the server to say, so content that looks like one counts, too.
    """
    if data.lstrip(b"\r\n").split(b" ", 1)[0] not in _SAFE:
        return False
    lines = data.replace(b"\r", b"\n")
    return all((found[1] or found[2]) in _SAFE for found in _REQUEST_LINE.finditer(lines))


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
