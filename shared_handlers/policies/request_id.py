"""Which id a request goes by."""

from __future__ import annotations

import re
from random import getrandbits

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def choose(offered: str | None) -> str:
    """The client's id when it is 1 to 64 characters of `A-Za-z0-9._-`, else 32 random hexadecimal digits."""
    if offered is not None and _ACCEPTABLE.fullmatch(offered) is not None:
        return offered
    # No secret, for a client may choose its own: it has to be new, not hard to guess, and costs no system call.
    return "%032x" % getrandbits(128)  # noqa: UP031  (half the price of an f-string's)
