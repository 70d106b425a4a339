"""A value in its circumstances: whose it is, in which answer, asked for when and with what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from samewire.compare import Delta, json_tokens
from samewire.exchange import Answer, Answered, Transcript
from samewire.noise.place import in_content


class Seen(NamedTuple):
    """One value as a class judges it."""

    text: str
    """A JSON string as what it says; several lines of a field joined by LF."""
    quoted: bool
    """Whether it stood as a JSON string."""
    transcript: Transcript
    answer: Answer | None
    content: bool
    """Whether it stands in a body, an event or a message: there it may repeat a field, which is compared itself."""

    @property
    def began(self) -> float:
        """When it was asked for, in seconds since the epoch; 0 when that is not known."""
        return self.transcript.began

    @property
    def ended(self) -> float:
        """When it was there at the latest: the end of its answer's head where that is the only answer, else the case's."""
        answered = [seen for seen in self.transcript.observations if isinstance(seen, Answered)]
        if len(answered) == 1 and self.answer is not None and self.answer.head_at:
            return self.transcript.began + self.answer.head_at
        return self.transcript.began + self.transcript.seconds

    @property
    def sent(self) -> bytes:
        """What was sent to get the answer; empty when the value stands in none."""
        for seen in self.transcript.observations:
            if isinstance(seen, Answered) and seen.answer is self.answer and self.answer is not None:
                return seen.sent
        return b""

    def part(self, text: str) -> Seen:
        """A piece of the same value."""
        return self._replace(text=text, quoted=False)


def seen(place: str, delta: Delta, values: Sequence[str], transcript: Transcript, answer: Answer | None) -> Seen:
    """Of what stands at the place of `delta` on one side; `values` is not empty."""
    content = in_content(place)
    if delta.json and len(values) == 1 and values[0].startswith('"'):
        return Seen(json_tokens.string(values[0]), True, transcript, answer, content)
    return Seen("\n".join(values), False, transcript, answer, content)
