"""HTTP dates (RFC 9110 section 5.6.7)."""

from __future__ import annotations

import calendar
import re
import time
from email.utils import formatdate
from functools import lru_cache

from shared_handlers.ascii import whole_number

_MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)  # noqa: SIM905
}
_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG_DAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_FORMATS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_DAY}, (?P<day>\d\d) {_MONTH} (?P<year>\d{{4}}) {_TIME} GMT",
        rf"{_LONG_DAY}, (?P<day>\d\d)-{_MONTH}-(?P<year>\d\d) {_TIME} GMT",
        rf"{_DAY} {_MONTH} (?P<day>[\d ]\d) {_TIME} (?P<year>\d{{4}})",
    )
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@lru_cache(maxsize=1024)
def format_date(seconds: int) -> str:
    """Seconds since 1970 as IMF-fixdate."""
    return formatdate(seconds, usegmt=True)


@lru_cache(maxsize=1024)
def parse_date(text: str) -> int | None:
    """Seconds since 1970 of an IMF-fixdate, RFC 850 or asctime date; None when it is none of them."""
    match = next((match for form in _FORMATS if (match := form.fullmatch(text))), None)
    if match is None:
        return None
    year, month, day = _year(match["year"]), _MONTHS[match["month"]], whole_number(match["day"].lstrip(" "))
    hour, minute, second = (whole_number(match[name]) for name in ("hour", "minute", "second"))
    if not 1 <= day <= _DAYS[month - 1] or hour > 23 or minute > 59 or second > 60 or year < 1:
        return None
    return calendar.timegm((year, month, day, hour, minute, second))


def _year(digits: str) -> int:
    """Two digits that seem more than 50 years ahead are of the century before."""
    if len(digits) == 4:
        return whole_number(digits)
    now = time.gmtime().tm_year
    year = now - now % 100 + whole_number(digits)
    return year - 100 if year > now + 50 else year
