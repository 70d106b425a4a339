"""Compares content by its kind: JSON by value, server-sent events one by one, text by line, the rest by byte."""

from __future__ import annotations

from samewire.compare.contents import compare_content, plain_delta
from samewire.compare.delta import Delta, differ
from samewire.compare.event_streams import compare_events
from samewire.compare.forms import compare_form, compare_parts
from samewire.compare.views import View
from samewire.exchange import Answer

_EVENTS = "text/event-stream"
_FORM = "application/x-www-form-urlencoded"


def compare_bodies(old: View, new: View) -> tuple[Delta, ...]:
    """Differences of the content, at `body...` and `sse...`; `body.raw` if only spelling or coding differs.

    Of a content too long to be kept, what is kept is compared so, and all of it by length and digest at `body.whole`.
    """
    found = _beginnings(old, new)
    return found if found else tuple(differ("body.whole", _whole(old.answer), _whole(new.answer)))


def _whole(answer: Answer) -> str | None:
    return f"{answer.whole.size} bytes, sha256 {answer.whole.sha256}" if answer.whole else None


def _beginnings(old: View, new: View) -> tuple[Delta, ...]:
    if old.content == new.content:
        both_known = old.coded and new.coded and old.coded != new.coded
        return (plain_delta("body.raw", old.coded, new.coded),) if both_known else ()
    if old.media_type == new.media_type == _EVENTS:
        return compare_events(old.content, new.content) or (plain_delta("body.raw", old.content, new.content),)
    found = _by_form(old, new) if old.media_type == new.media_type else None
    if found is not None:
        return found or (plain_delta("body.raw", old.content, new.content),)
    return compare_content("body", old.content, new.content)


def _by_form(old: View, new: View) -> tuple[Delta, ...] | None:
    """Of forms and multipart contents; None of others."""
    if old.media_type == _FORM:
        return compare_form("body", old.content, new.content)
    if old.media_type.startswith("multipart/"):
        return compare_parts("body", (old.answer, old.content), (new.answer, new.content))
    return None
