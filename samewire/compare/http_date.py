"""Reads the one form of date that a server may send."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from samewire.ascii import whole_number

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORM = re.compile(
    rf"({'|'.join(_DAYS)}), ([0-9]{{2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}}) ([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}}) GMT"
)


def imf_fixdate(text: str) -> datetime | None:
    """The moment an IMF-fixdate names (RFC 9110 section 5.6.7), a leap second as the one before; else None."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    weekday, day, month, year, hour, minute, second = match.groups()
    seconds = 59 if second == "60" else whole_number(second)
    try:
        moment = datetime(
            whole_number(year),
            _MONTHS.index(month) + 1,
            whole_number(day),
            whole_number(hour),
            whole_number(minute),
            seconds,
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return moment if _DAYS[moment.weekday()] == weekday else None
