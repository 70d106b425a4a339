"""Which id a request goes by."""

from __future__ import annotations

import re
import secrets

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def choose(offered: str | None) -> str:
    """The client's id when it is 1 to 64 characters of `A-Za-z0-9._-`, else 32 random hexadecimal digits."""
    if offered is not None and _ACCEPTABLE.fullmatch(offered) is not None:
        return offered
    return secrets.token_hex(16)
