"""What the client would rather have: a stream of events or one JSON document (RFC 9110 section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared_handlers.ascii import lower, strip
from shared_handlers.message import Field, Headers

EVENTS = "text/event-stream"
JSON = "application/json"
HTML = "text/html"
VARY_ACCEPT: Field = ("Vary", "Accept")
"""Of every answer whose form was chosen so (RFC 9110 section 12.5.5)."""
_QVALUE = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?", re.ASCII)
_MAX_RANGES = 100
Preference = tuple[float, int]
"""Quality, 0 to 1, and how exactly the media type was named: 2 in full, 1 by type, 0 by `*/*`."""


def prefers_events(headers: Headers, *, otherwise: bool) -> bool:
    """Whether the `Accept` fields favour an event stream over JSON; `otherwise` when they favour neither.

    The higher quality wins, then the one named more exactly.
    """
    ranges = _ranges(",".join(headers.getall("Accept", ())))
    events, json = _preference(ranges, EVENTS), _preference(ranges, JSON)
    return events > json if events != json else otherwise


def preferred_form(headers: Headers, forms: Sequence[str]) -> str:
    """Of these media types the one that the `Accept` fields favour, of equals the first; the first one also when none is
    wanted, for a readable answer beats a 406."""
    ranges = _ranges(",".join(headers.getall("Accept", ("*/*",))))
    preferences = [_preference(ranges, form) for form in forms]
    return forms[preferences.index(max(preferences))]


def _ranges(text: str) -> list[tuple[str, float]]:
    """Media ranges with their quality; a range with a quality that is no qvalue counts as not wanted."""
    ranges = []
    for part in text.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        name, *parameters = (lower(strip(piece)) for piece in part.split(";"))
        ranges.append((name, _quality(parameters)))
    return ranges


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if strip(name) == "q":
            value = strip(value)
            return float(value) if _QVALUE.fullmatch(value) else 0.0
    return 1.0


def _preference(ranges: list[tuple[str, float]], media_type: str) -> Preference:
    """That of the most exact range that covers the type (RFC 9110 section 12.5.1); of equals, the best."""
    kinds = {media_type: 2, media_type.split("/")[0] + "/*": 1, "*/*": 0}
    covering = [(kinds[name], quality) for name, quality in ranges if name in kinds]
    exactness, quality = max(covering, default=(0, 0.0))
    return (quality, exactness) if quality else (0.0, 0)
