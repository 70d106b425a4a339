"""Hand-made samples: one answer each, asked for at a time of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from samewire.compare import compare
from samewire.compare.tests.exchanges import answer, answered, ended, transcript
from samewire.exchange import Field, Transcript
from samewire.noise import Noise, learn

T0 = 1_790_000_000.0
"""When the first sample is asked for, in seconds since the epoch."""


def sample(
    body: bytes | str = b"", *fields: Field, at: float = 0.0, server: str = "old", sent: bytes = b"", status: int = 200
) -> Transcript:
    """An answer of a server, `at` seconds after T0."""
    content = body.encode() if isinstance(body, str) else body
    seen = replace(answered(answer(content, *fields, status=status)), sent=sent)
    return replace(transcript(seen, ended()), target=server, began=T0 + at)


def header(value: str, *, at: float = 0.0, server: str = "old", sent: bytes = b"") -> Transcript:
    return sample(b"", ("X-Mark", value), at=at, server=server, sent=sent)


def member(value: str, *, at: float = 0.0, server: str = "old", sent: bytes = b"") -> Transcript:
    """A JSON object with a member `v`."""
    return sample(f'{{"v":{value}}}', at=at, server=server, sent=sent)


def imf(at: float) -> str:
    return format_datetime(datetime.fromtimestamp(T0 + at, UTC), usegmt=True)


def iso(at: float) -> str:
    return datetime.fromtimestamp(T0 + at, UTC).isoformat().replace("+00:00", "Z")


def kinds(*samples: Transcript) -> dict[str, str]:
    return {place.place: place.kind for place in learn(samples, ()).places}


def left(samples: Sequence[Transcript], new: Transcript, old: Transcript | None = None) -> list[str]:
    """The places at which the new answer differs from the last of the old ones, or from `old`, all the same."""
    return left_by(learn(samples, ()), old or samples[-1], new)


def left_by(noise: Noise, old: Transcript, new: Transcript) -> list[str]:
    return [difference.place for difference in compare(old, new, (), noise)]
