"""What the answer to a conditional request must be beside the full one (RFC 9110 section 13)."""

from __future__ import annotations

from collections.abc import Iterator

from samewire.failing import failure
from samewire.relations.full import Full, Related, same_fields, shown
from samewire.relations.wholes import whole
from samewire.result import Failure

NOT_MODIFIED, REFUSED = 304, 412
_KEPT = ("cache-control", "content-location", "date", "etag", "expires", "vary")
"""What a 304 must have if the 200 has it (RFC 9110 section 15.4.5)."""


def not_modified(full: Full, related: Related) -> Iterator[Failure]:
    """A condition that says `I have it`: 304; or the full answer, of a server that evaluates no such condition."""
    answer = related.answer
    if answer.status == NOT_MODIFIED:
        if answer.body:
            yield failure("body", "no content (RFC 9110 section 15.4.5)", f"{len(answer.body)} bytes")
        yield from same_fields(full, answer, _KEPT, "RFC 9110 section 15.4.5")
        yield from _length(full, related)
    elif NOT_MODIFIED in related.earlier and full.steady("etag") is not None:
        yield failure("status", f"304, as for the tag itself ({_section(related)})", str(answer.status))
    else:
        yield from whole(full, related)


def refused(full: Full, related: Related) -> Iterator[Failure]:
    """A condition that does not hold: 412; or the full answer, of a server that evaluates no such condition."""
    if related.answer.status != REFUSED:
        yield from whole(full, related, also=f"412 ({_section(related)})")


def _length(full: Full, related: Related) -> Iterator[Failure]:
    """RFC 9110 section 8.6: if it is there, it is that of the 200."""
    lines, content = related.answer.values("content-length"), full.content
    if lines and content is not None and lines != (str(len(content)),):
        expected = f"{len(content)}, as of the full answer, or none (RFC 9110 section 8.6)"
        yield failure("header.content-length", expected, shown("content-length", lines))


def _section(related: Related) -> str:
    """Where it stands what the server does with the condition asked."""
    return next((section for name, section in _SECTIONS.items() if name in related.asked), "RFC 9110 section 13")


_SECTIONS = {
    "if-match": "RFC 9110 section 13.1.1",
    "if-none-match": "RFC 9110 section 13.1.2",
    "if-modified-since": "RFC 9110 section 13.1.3",
    "if-unmodified-since": "RFC 9110 section 13.1.4",
}
