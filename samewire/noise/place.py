"""Which places hold values of a class, and which only states that are few."""

from __future__ import annotations

import re

_PREFIX = r"(?:answer\[[0-9]+\]\.|on\[[^\]]*\]\.|interim\[[0-9]+\]\.)*"
_CONTENT = re.compile(
    rf"{_PREFIX}(?:body|sse\[[0-9]+\](?:\.data|\.id|$)|sse\.rest|sse\.comments|messages\[[0-9]+\]\.data|surplus)"
)
_EVENT = re.compile(rf"({_PREFIX}sse)\[")
_FIELDS = re.compile(rf"{_PREFIX}(?:header|trailer)(?:-order$|\.)")


def in_content(place: str) -> bool:
    """Whether it is a part of a body, an event or a message."""
    return _CONTENT.match(place) is not None


def stream_of(place: str) -> str | None:
    """The place of the stream of events that it is a part of; None of other places."""
    match = _EVENT.match(place)
    return match[1] if match else None


def in_fields(place: str) -> bool:
    """Whether it is a header or trailer field, or the order of them."""
    return _FIELDS.match(place) is not None


def has_class(place: str) -> bool:
    """Whether what stands there is a value, and no state such as a status or the end of a connection."""
    return in_content(place) or in_fields(place)
