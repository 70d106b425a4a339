"""In which other ways a plain GET can be asked, and how each answer must relate to the full one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from samewire.ascii import lower
from samewire.cases.model import FieldLines, Relation
from samewire.relations.base import Base

_LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"
_OTHER_TAG = '"of-no-representation"'


class Ask(NamedTuple):
    """One way to ask again, and how its answer relates to the full one."""

    suffix: str
    says: str
    """The end of a sentence that begins with the target."""
    why: str
    relation: Relation
    method: str = "GET"
    headers: FieldLines = ()
    after: FieldLines = ()
    """Fields of a request before it that shows whether the server knows such requests at all."""
    full: FieldLines = ()
    """Fields that the full request must have."""


def asks(base: Base) -> Iterator[Ask]:
    yield Ask("head", "answers HEAD as GET, without content", "RFC 9110 section 9.3.2", "head", "HEAD")
    yield Ask("options", "lists GET and HEAD where it lists methods", "RFC 9110 section 10.2.1", "options", "OPTIONS")
    if base.answer.body:
        yield _GZIP
    yield from _tags(base.answer.values("etag"))
    yield from _dates(base.answer.values("last-modified"))
    if not base.streams and not base.answer.values("content-encoding"):
        yield from _ranges(base)


_GZIP = Ask(
    "gzip",
    "has the same content in gzip",
    "RFC 9110 section 12.5.3",
    "coding",
    headers=(("Accept-Encoding", "gzip"),),
    full=(("Accept-Encoding", "identity"),),
)


def _tags(tags: tuple[str, ...]) -> Iterator[Ask]:
    """Of each side its own: what the full answer had stands for `${etag}`."""
    if len(tags) != 1:
        return
    exact = (("If-None-Match", "${etag}"),)
    none_match, match = "RFC 9110 section 13.1.2", "RFC 9110 section 13.1.1"
    yield Ask("if-none-match", "is not sent again to who has it", none_match, "not-modified", headers=exact)
    yield Ask(
        "if-none-match-any",
        "is not sent to who has any",
        none_match,
        "not-modified",
        headers=(("If-None-Match", "*"),),
        after=exact,
    )
    yield Ask(
        "if-none-match-list",
        "is found in a list of tags",
        none_match,
        "not-modified",
        headers=(("If-None-Match", f"{_OTHER_TAG}, ${{etag}}"),),
        after=exact,
    )
    yield Ask(
        "if-none-match-other",
        "is sent to who has another",
        none_match,
        "whole",
        headers=(("If-None-Match", _OTHER_TAG),),
    )
    yield Ask(
        "if-match-other", "is refused to who expects another", match, "refused", headers=(("If-Match", _OTHER_TAG),)
    )
    if tags[0].startswith("W/"):
        yield Ask(
            "if-match-weak",
            "does not match strongly by a weak tag",
            match,
            "refused",
            headers=(("If-Match", "${etag}"),),
        )
        return
    yield Ask(
        "if-none-match-weak",
        "matches weakly by its tag",
        none_match,
        "not-modified",
        headers=(("If-None-Match", "W/${etag}"),),
        after=exact,
    )
    yield Ask("if-match", "is sent to who expects it", match, "whole", headers=(("If-Match", "${etag}"),))


def _dates(dates: tuple[str, ...]) -> Iterator[Ask]:
    if len(dates) != 1 or dates[0] == _LONG_AGO:
        return
    yield Ask(
        "if-modified-since",
        "is not sent again when it has not changed",
        "RFC 9110 section 13.1.3",
        "not-modified",
        headers=(("If-Modified-Since", "${modified}"),),
    )
    yield Ask(
        "if-modified-since-long-ago",
        "is sent when it has changed",
        "RFC 9110 section 13.1.3",
        "whole",
        headers=(("If-Modified-Since", _LONG_AGO),),
    )
    yield Ask(
        "if-unmodified-since-long-ago",
        "is refused when it has changed",
        "RFC 9110 section 13.1.4",
        "refused",
        headers=(("If-Unmodified-Since", _LONG_AGO),),
    )


def _ranges(base: Base) -> Iterator[Ask]:
    """All of them where the server says that it knows ranges; else one, which may show that it does."""
    length, accepts = len(base.answer.body), lower(", ".join(base.answer.values("accept-ranges")))
    if not length or accepts == "none":
        return
    yield _range("first", "bytes=0-0")
    if accepts != "bytes":
        return
    yield _range("last", f"bytes={length - 1}-{length - 1}")
    yield _range("suffix", "bytes=-1")
    yield _range("open", f"bytes={length // 2}-")
    yield _range("beyond-end", f"bytes=0-{length + 9}")
    yield _range("unsatisfiable", f"bytes={length}-")
    if length >= 4:
        yield _range("middle", f"bytes={length // 4}-{length // 2}")
        yield _range("two", "bytes=0-0,-1")
    yield from _if_range(base)


def _if_range(base: Base) -> Iterator[Ask]:
    asked, source = ("Range", "bytes=0-0"), "RFC 9110 section 13.1.5"
    yield Ask(
        "if-range-other",
        "is sent whole when it is not the one in part there",
        source,
        "whole",
        headers=(asked, ("If-Range", _OTHER_TAG)),
    )
    tags = base.answer.values("etag")
    if len(tags) == 1 and not tags[0].startswith("W/"):
        yield Ask(
            "if-range",
            "is sent in part when it is the one in part there",
            source,
            "range",
            headers=(asked, ("If-Range", "${etag}")),
            after=(asked,),
        )


def _range(name: str, value: str) -> Ask:
    says = f"gives exactly {value} or all"
    return Ask(f"range-{name}", says, "RFC 9110 section 14.2", "range", headers=(("Range", value),))
