"""Lengths that follow from the content."""

from __future__ import annotations

from samewire.compare import Answers, Delta, Names
from samewire.compare.delta import Values
from samewire.exchange import Answer, Answered, Framing, Transcript


def follows_from_content(delta: Delta, answers: Answers, old: Transcript, new: Transcript) -> bool:
    """A length that is right on both sides: what makes it differ is compared itself."""
    return (
        delta.field == "content-length"
        and _is_length(delta.old, answers[0], old)
        and _is_length(delta.new, answers[1], new)
    )


def _is_length(values: Values, answer: Answer | None, transcript: Transcript) -> bool:
    """Of its own content, or, without any, as in an answer to HEAD, of another answer's of the same case."""
    if answer is None:
        return False
    if answer.framing is Framing.NONE:
        return any(values in _lengths(body, transcript) for body in _contents(transcript))
    return bool(answer.body) and values in _lengths(answer.body, transcript)


def _lengths(body: bytes, transcript: Transcript) -> set[Values]:
    """As it was sent, and as it is compared: a credential of the target's own that it repeats has its name there."""
    return {(str(len(body)),), (str(len(Names.of(transcript).data(body))),)}


def _contents(transcript: Transcript) -> list[bytes]:
    seen = (one.answer for one in transcript.observations if isinstance(one, Answered))
    return [answer.body for answer in seen if answer is not None and answer.body]
