"""Cookies as they are received and set (RFC 6265bis)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from shared_handlers.field import Field

MAX_COOKIE = 4096
"""Bytes of name and value together: browsers drop a larger one in silence (RFC 6265bis section 5.6)."""
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_PATH = re.compile(r"/[\x20-\x3a\x3c-\x7e]*")


def parse_cookies(lines: Iterable[str]) -> dict[str, str]:
    """The pairs of the Cookie lines of a request, of a repeated name the first; what has no `=` is none.

    Several lines are one, joined by `; ` (RFC 9113 section 8.2.3). Quotes are part of a value.
    """
    cookies: dict[str, str] = {}
    for pair in "; ".join(lines).split(";"):
        name, equals, value = pair.partition("=")
        name, value = name.strip(" \t"), value.strip(" \t")
        if equals and name:
            cookies.setdefault(name, value)
    return cookies


def set_cookie(
    name: str, value: str, *, max_age: int, secure: bool, path: str = "/",
    same_site: Literal["Lax", "Strict", "None"] = "Lax",
) -> Field:  # fmt: skip
    """A Set-Cookie field, HttpOnly; ValueError for what a browser would drop or read otherwise than it is meant."""
    if _NAME.fullmatch(name) is None or _VALUE.fullmatch(value) is None or _PATH.fullmatch(path) is None:
        raise ValueError(f"the cookie {name!r} has a character that cookies can't have")
    if len(name) + len(value) > MAX_COOKIE:
        raise ValueError(f"the cookie {name!r} is longer than {MAX_COOKIE} bytes")
    if name.startswith("__Host-") and (not secure or path != "/"):
        raise ValueError(f"the cookie {name!r} must be Secure and for the path /")
    if name.startswith("__Secure-") and not secure:
        raise ValueError(f"the cookie {name!r} must be Secure")
    if same_site == "None" and not secure:
        raise ValueError(f"the cookie {name!r} with SameSite=None must be Secure")
    parts = [f"{name}={value}", f"Path={path}", f"Max-Age={max_age}", "HttpOnly", f"SameSite={same_site}"]
    return "Set-Cookie", "; ".join([*parts, "Secure"] if secure else parts)


def expired_cookie(name: str, *, secure: bool, path: str = "/") -> Field:
    """The Set-Cookie field that makes a browser forget it: same name, path and attributes, no time left."""
    return set_cookie(name, "", max_age=0, secure=secure, path=path)
