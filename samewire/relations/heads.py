"""What an answer to HEAD and to OPTIONS must be beside the answer to GET."""

from __future__ import annotations

from collections.abc import Iterator

from samewire.ascii import lower, strip
from samewire.exchange import Answer
from samewire.failing import ABSENT, failure
from samewire.relations.full import Full, Related, shown
from samewire.result import Failure

_OWN = frozenset(("connection", "keep-alive", "date", "content-length", "transfer-encoding"))
"""Of the connection or the moment, or looked at apart. How content would be delimited may be known only when it is made
(RFC 9110 section 9.3.2), so HEAD may say chunked where a short answer to GET says its length."""
_FROM_CONTENT = frozenset(("content-encoding", "content-digest", "digest", "etag", "repr-digest", "trailer", "vary"))
"""May be missing: their values may be known only while the content is generated (RFC 9110 section 9.3.2)."""
_WORKS = ("GET", "HEAD")
_ALLOWED_SHOWN = (200, 204, 405)


def head(full: Full, related: Related) -> Iterator[Failure]:
    """HEAD is answered as GET is, without content (RFC 9110 section 9.3.2)."""
    answer, model = related.answer, full.answers[0]
    if answer.status != model.status:
        yield failure("status", f"{model.status}, as of GET (RFC 9110 section 9.3.2)", str(answer.status))
        return
    if answer.body:
        yield failure("body", "no content (RFC 9110 section 9.3.2)", f"{len(answer.body)} bytes")
    yield from _length(full, answer)
    for name in sorted({lower(line) for side in (model, answer) for line, _ in side.fields} - _OWN):
        yield from _field(full, answer, name)


def options(full: Full, related: Related) -> Iterator[Failure]:
    """What says which methods are allowed names those that work (RFC 9110 sections 9.1, 9.3.7, 10.2.1 and 15.5.6)."""
    answer = related.answer
    lines = answer.values("allow")
    if answer.status == 405 and not lines:
        yield failure("header.allow", "present in a 405 (RFC 9110 section 15.5.6)", ABSENT)
    if answer.status not in _ALLOWED_SHOWN or not lines:
        return
    allowed = {strip(method) for line in lines for method in line.split(",")}
    for method in _WORKS:
        if method not in allowed:
            yield failure(
                "header.allow", f"lists {method}, as GET works (RFC 9110 section 10.2.1)", shown("allow", lines)
            )


def _length(full: Full, answer: Answer) -> Iterator[Failure]:
    """It may be left out; if it is there it is that of GET's content (RFC 9110 section 8.6)."""
    lines, content = answer.values("content-length"), full.content
    if lines and content is not None and lines != (str(len(content)),):
        yield failure(
            "header.content-length", f"{len(content)}, as of GET (RFC 9110 section 8.6)", shown("content-length", lines)
        )


def _field(full: Full, answer: Answer, name: str) -> Iterator[Failure]:
    values, wanted = answer.values(name), full.steady(name)
    if not values and name in _FROM_CONTENT:
        return
    if wanted is not None and values != wanted:
        expected = f"as in the answer to GET (RFC 9110 section 9.3.2): {shown(name, wanted)}"
        yield failure(f"header.{name}", expected, shown(name, values))
    elif wanted is None and full.has(name) and not values:
        yield failure(f"header.{name}", "present, as in the answer to GET (RFC 9110 section 9.3.2)", ABSENT)
