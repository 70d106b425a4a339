"""The length that HEAD tells: it is right where GET's content has it, and GET's content is compared itself."""

from __future__ import annotations

from collections.abc import Sequence

from samewire.exchange import Answer, Transcript
from samewire.replay.confirming import answer_of
from samewire.result import Difference

_PLACE = "header.content-length"


def tells_lengths(method: str, left: Sequence[Difference]) -> bool:
    """Whether answers to HEAD differ in nothing but the length."""
    return method == "HEAD" and [difference.place for difference in left] == [_PLACE]


def tells_own_length(head: Transcript, get: Transcript) -> bool:
    """Whether an answer to HEAD has the Content-Length of the content of that to GET (RFC 9110 section 8.6)."""
    told, whole = answer_of(head), answer_of(get)
    if told is None or whole is None or not whole.complete:
        return False
    return told.values("content-length") == (str(_length(whole)),)


def _length(answer: Answer) -> int:
    return answer.whole.size if answer.whole else len(answer.body)
