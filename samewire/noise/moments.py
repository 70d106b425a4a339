"""Reads moments as servers write them: IMF-fixdate, RFC 3339 and its neighbours, numbers since the epoch."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from samewire.compare import imf_fixdate

RFC3339 = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<mark>[Tt ])[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?P<part>[.,][0-9]{1,9})?(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_RFC3339 = re.compile(RFC3339, re.ASCII)
_NUMBER = re.compile(r"(?P<whole>[1-9][0-9]{9,18})(?P<part>\.[0-9]{1,9})?")
_UNITS = {10: ("s", 1.0), 13: ("ms", 1e3), 16: ("us", 1e6), 19: ("ns", 1e9)}
"""By the number of digits: of any moment between 2001 and 2286."""


class Moment(NamedTuple):
    """A moment and the way it is written."""

    form: str
    at: float
    """Seconds since the epoch."""


def moment(text: str) -> Moment | None:
    """The moment that the whole text names, or None."""
    if len(text) > 40:
        return None
    return _imf(text) or _rfc3339(text) or _number(text)


def _imf(text: str) -> Moment | None:
    found = imf_fixdate(text)
    return Moment("http-date", found.timestamp()) if found else None


def _rfc3339(text: str) -> Moment | None:
    """RFC 3339 section 5.6; without an offset it is read as UTC, and what that puts it off by is learnt like any."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    part = (match["part"] or "")[:7].replace(",", ".")
    plain = text[:19].replace("t", "T").replace(" ", "T") + part + (match["zone"] or "").replace("z", "Z")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    at = found if found.tzinfo else found.replace(tzinfo=UTC)
    zone = match["zone"] or ""
    return Moment(f"iso {match['mark']}{'.' if part else ''}{zone[:1] if zone[:1] in 'Zz' else zone}", at.timestamp())


def _number(text: str) -> Moment | None:
    match = _NUMBER.fullmatch(text)
    if match is None or (unit := _UNITS.get(len(match["whole"]))) is None:
        return None
    return Moment(unit[0] + ("." if match["part"] else ""), float(text) / unit[1])
