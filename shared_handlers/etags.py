"""Entity tags in preconditions (RFC 9110 sections 8.8.3 and 13.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared_handlers.ascii import strip
from shared_handlers.errors import HTTPError
from shared_handlers.message import Headers

_TAG = re.compile(r"[ \t,]*((?:W/)?\"[^\"]*\")")


def has_etag(lines: Sequence[str], etag: str, *, weak: bool) -> bool:
    """Whether a list of entity tags, or `*`, has `etag`: compared weakly or strongly (RFC 9110 section 8.8.3.2)."""
    text = ",".join(lines)
    if strip(text) == "*":
        return True
    position = 0
    while (tag := _TAG.match(text, position)) is not None:
        if (tag[1].removeprefix("W/") if weak else tag[1]) == etag:
            return True
        position = tag.end()
    return False


def check_unchanged(headers: Headers, etag: str) -> None:
    """For what changes a resource: HTTPError 428 without If-Match (RFC 6585 section 3), 412 when it is another one's."""
    lines = headers.getall("If-Match", None)
    if lines is None:
        raise HTTPError(428, "Say with If-Match which state is to be changed: the ETag that was read, or * for any.")
    if not has_etag(lines, etag, weak=False):
        raise HTTPError(412, "It has been changed since: read it again.", (("ETag", etag),))


def is_known(headers: Headers, etag: str) -> bool:
    """Whether the client of a GET has that state already, so that 304 is the answer (RFC 9110 section 13.1.2)."""
    lines = headers.getall("If-None-Match", None)
    return lines is not None and has_etag(lines, etag, weak=True)
