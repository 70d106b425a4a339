"""What an answer must be that is the full one again: a condition that holds, a range that does not count."""

from __future__ import annotations

from collections.abc import Iterator

from samewire.compare import digest
from samewire.failing import failure
from samewire.relations.full import Full, Related, echoes, same_fields
from samewire.result import Failure

_REFUSED = 412
_OF_THE_CONTENT = ("content-encoding", "content-type", "etag", "last-modified")


def whole(full: Full, related: Related, also: str = "") -> Iterator[Failure]:
    """The status, the content and what describes it are those of the full answer; `also`: what it might have been."""
    answer, model = related.answer, full.answers[0]
    if answer.status == _REFUSED and "if-match" in related.asked and full.steady("etag") is None:
        return  # the tag asked for was that of an earlier answer
    if answer.status != model.status:
        expected = f"{model.status}, the full answer"
        yield failure("status", f"{expected}, or {also}" if also else expected, str(answer.status))
        return
    content = full.content
    if content is not None and answer.body != content and not echoes(full, related):
        yield failure("body", f"that of the full answer: {digest(content)}", digest(answer.body))
    yield from same_fields(full, answer, _OF_THE_CONTENT, "RFC 9110 section 8")
