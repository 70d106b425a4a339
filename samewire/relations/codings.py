"""What a content-coded answer must be beside the one without a coding."""

from __future__ import annotations

from collections.abc import Iterator

from samewire.ascii import lower, strip
from samewire.compare import decode, digest
from samewire.exchange import Answer
from samewire.failing import failure
from samewire.relations.full import Full, Related, echoes, shown
from samewire.relations.wholes import whole
from samewire.result import Failure

_VARY = "lists Accept-Encoding, as the coding follows from it (RFC 9110 section 12.5.5)"


def coded(full: Full, related: Related) -> Iterator[Failure]:
    """The same content in the coding asked for, with what caches need to tell both apart; or without a coding."""
    answer, model = related.answer, full.answers[0]
    codings = _members(answer, "content-encoding")
    if answer.status != model.status or not codings:
        yield from whole(full, related)
        return
    if codings != {lower(related.asked.get("accept-encoding", ""))}:
        asked = related.asked.get("accept-encoding", "")
        yield failure("header.content-encoding", f"{asked}, or none (RFC 9110 section 12.5.3)", ", ".join(codings))
        return
    if not echoes(full, related):
        yield from _same_content(full, answer)
    yield from _told_apart(full, answer)


def _same_content(full: Full, answer: Answer) -> Iterator[Failure]:
    content, decoded = decode(full.answers[0]), decode(answer)
    if full.content is not None and decoded != content:
        expected = f"that of the answer without the coding: {digest(content)}"
        yield failure("body", expected, f"decoded: {digest(decoded)}")


def _told_apart(full: Full, answer: Answer) -> Iterator[Failure]:
    """In Vary, and by their strong tags: those name bytes (RFC 9110 section 8.8.3.3)."""
    for side in (full.answers[0], answer):
        if not _members(side, "vary") & {"accept-encoding", "*"}:
            yield failure("header.vary", _VARY, shown("vary", side.values("vary")))
            break
    tags = answer.values("etag")
    if tags and not tags[0].startswith("W/") and tags == full.answers[0].values("etag"):
        expected = "another strong tag than without the coding (RFC 9110 section 8.8.3.3)"
        yield failure("header.etag", expected, shown("etag", tags))


def _members(answer: Answer, name: str) -> set[str]:
    members = {lower(strip(member)) for line in answer.values(name) for member in line.split(",")}
    return members - {"", "identity"}
