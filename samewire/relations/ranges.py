"""What the answer to a range request must be beside the full one (RFC 9110 section 14)."""

from __future__ import annotations

from collections.abc import Iterator

from samewire.compare import digest
from samewire.exchange import Answer
from samewire.failing import ABSENT, failure
from samewire.relations.byteranges import Span, asked, boundary, content_range, parts
from samewire.relations.full import Full, Related, same_fields, shown
from samewire.relations.wholes import whole
from samewire.result import Failure

PARTIAL, UNSATISFIED = 206, 416
_KEPT = ("cache-control", "content-location", "date", "etag", "expires", "vary")
"""What a 206 must have if the 200 has it (RFC 9110 section 15.3.7)."""


def ranged(full: Full, related: Related) -> Iterator[Failure]:
    """206 with exactly the bytes asked for, 416 when there are none; or the full answer, as a range may be ignored."""
    content = full.content
    if content is None:
        return
    wanted = asked(related.asked.get("range", ""), len(content))
    match related.answer.status:
        case 206 if wanted:
            yield from _partial(full, related.answer, content, wanted)
        case 416 if not wanted:
            yield from _unsatisfied(related.answer, len(content))
        case 200 if PARTIAL not in related.earlier:
            yield from whole(full, related)
        case status:
            yield failure("status", _expected(wanted), str(status))


def _expected(wanted: tuple[Span, ...]) -> str:
    if wanted:
        return "206 with the range, or the full answer (RFC 9110 section 14.2)"
    return "416, as no byte of it exists, or the full answer (RFC 9110 section 15.5.17)"


def _unsatisfied(answer: Answer, length: int) -> Iterator[Failure]:
    lines = answer.values("content-range")
    if lines != (f"bytes */{length}",):
        yield failure(
            "header.content-range", f"bytes */{length} (RFC 9110 section 15.5.17)", shown("content-range", lines)
        )


def _partial(full: Full, answer: Answer, content: bytes, wanted: tuple[Span, ...]) -> Iterator[Failure]:
    yield from same_fields(full, answer, _KEPT, "RFC 9110 section 15.3.7")
    mark = boundary(", ".join(answer.values("content-type")))
    if mark is None:
        yield from _slice("", ", ".join(answer.values("content-range")), answer.body, content, wanted)
        yield from _type("", ", ".join(answer.values("content-type")), full)
        return
    if len(wanted) == 1:
        yield failure("body", "no multipart for a single range (RFC 9110 section 15.3.7.2)", "multipart/byteranges")
    if answer.values("content-range"):
        found = shown("content-range", answer.values("content-range"))
        yield failure("header.content-range", f"{ABSENT} beside multipart (RFC 9110 section 15.3.7.2)", found)
    yield from _parts(full, answer, content, wanted, mark)


def _parts(full: Full, answer: Answer, content: bytes, wanted: tuple[Span, ...], mark: str) -> Iterator[Failure]:
    found = parts(answer.body, mark)
    if not found:
        yield failure("body", "closed body parts (RFC 9110 section 14.6)", digest(answer.body))
    for number, part in enumerate(found or ()):
        place = f"part[{number}]."
        yield from _slice(place, part.value("content-range"), part.data, content, wanted)
        yield from _type(place, part.value("content-type"), full)


def _slice(place: str, named: str, data: bytes, content: bytes, wanted: tuple[Span, ...]) -> Iterator[Failure]:
    """What Content-Range names lies within what was asked, and the data are those bytes of the full content."""
    found = content_range(named)
    if found is None:
        yield failure(f"{place}header.content-range", "a range of bytes (RFC 9110 section 14.4)", named or ABSENT)
        return
    span, length = found
    hull = Span(min(one.first for one in wanted), max(one.last for one in wanted))
    if not hull.first <= span.first <= span.last <= hull.last or length not in (len(content), None):
        expected = f"bytes {hull.first}-{hull.last}/{len(content)} (RFC 9110 section 14.4)"
        yield failure(f"{place}header.content-range", expected, named)
        return
    exact = content[span.first : span.last + 1]
    if data != exact:
        yield failure(
            f"{place}body", f"bytes {span.first} to {span.last} of the full content: {digest(exact)}", digest(data)
        )


def _type(place: str, found: str, full: Full) -> Iterator[Failure]:
    """May be left out; else that of the full content, as it describes the selected representation."""
    wanted = full.steady("content-type")
    if found and wanted and (found,) != wanted:
        expected = f"as in the full answer (RFC 9110 section 15.3.7): {shown('content-type', wanted)}"
        yield failure(f"{place}header.content-type", expected, found)
