"""Hides secrets in what is shown, so that equal secrets stay visibly equal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import quote

_LINES = "authorization|proxy-authorization|cookie|set-cookie"
_HIDDEN = (
    "access_token|refresh_token|id_token|client_secret|code_verifier|password|passwd|secret|api_key|apikey|token"
    f"|x-api-key|{_LINES}"
)
_QUOTED = r'"(?P<quoted>(?:[^"\\]|\\.)*+)"'
_SCHEME = "(?:(?:Bearer|Basic|Digest) )?+"
_NAME = re.compile(_HIDDEN, re.IGNORECASE)
_PATTERNS = (
    re.compile(rf'(?<![\w-])(?:{_LINES}):[ \t]*+{_SCHEME}(?P<bare>[^\s"<][^\r\n"<]*)', re.IGNORECASE),
    re.compile(
        rf"""(?<![\w-])(?:{_HIDDEN})["']?\s*+[:=]\s*+(?:{_QUOTED}|{_SCHEME}(?P<bare>[^\s"'&,;<>}}\]]++))""",
        re.IGNORECASE,
    ),
    re.compile(rf'"(?:{_HIDDEN})"\s*+,\s*+{_QUOTED}', re.IGNORECASE),
    re.compile(r'\b(?:Bearer|Basic) (?!\w+=")(?P<bare>[A-Za-z0-9._~+/=-]{8,})'),
)
"""Field lines in a text, members and parameters, pairs of name and value, credentials anywhere."""
_COOKIE_VALUE = re.compile(r"(?P<name>[^=;\s]+=)(?P<value>[^;]*)")
_MASKED = "[redacted sha256:"
CREDENTIAL = "${credential}"
"""What a target's own credential is called wherever something is shown."""
_SHORTEST = 4
"""Characters of a credential that is looked for in what a server sends: a shorter one is found by chance."""


def mask(secret: str) -> str:
    """`[redacted sha256:xxxxxxxx]`, the first eight hexadecimal digits of the digest; what has a name keeps it."""
    if secret == CREDENTIAL:
        return secret
    return f"{_MASKED}{sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}]"


def is_secret(name: str) -> bool:
    """Whether a field or a JSON member of that name holds a secret."""
    return _NAME.fullmatch(name) is not None


def redact_field(name: str, value: str) -> str:
    """A field value as it may be shown."""
    match name.lower():
        case "set-cookie":
            return _COOKIE_VALUE.sub(_mask_cookie, value, count=1)
        case "cookie":
            return _COOKIE_VALUE.sub(_mask_cookie, value)
        case "authorization" | "proxy-authorization":
            scheme, blank, credentials = value.partition(" ")
            return f"{scheme} {mask(credentials)}" if blank else mask(value)
        case lower if is_secret(lower):
            return mask(value)
        case _:
            return redact(value)


def redact(text: str) -> str:
    """Any text as it may be shown: credentials, and the values of members and parameters named as secrets, masked."""
    for pattern in _PATTERNS:
        text = pattern.sub(_mask_match, text)
    return text


def credentials(secrets: Sequence[str]) -> tuple[str, ...]:
    """The texts in which a server may echo these field values, the longest first.

    Each as a whole, without its authentication scheme (RFC 9110 section 11.4), and percent-encoded.
    """
    parts = {part.strip() for secret in secrets for part in (secret, secret.partition(" ")[2])}
    spelled = {text for part in parts for text in (part, quote(part, safe="")) if len(text) >= _SHORTEST}
    return tuple(sorted(spelled, key=lambda text: (-len(text), text)))


def hide(text: str, secrets: Sequence[str]) -> str:
    """A text that may be cut short with `…` without these field values, nor what is left of one where it was cut."""
    for secret in credentials(secrets):
        text = text.replace(secret, CREDENTIAL)
        start = text.removesuffix("…")
        rest = next((size for size in range(len(secret) - 1, 0, -1) if start.endswith(secret[:size])), 0)
        if rest and start != text:
            text = f"{start[:-rest]}{CREDENTIAL}…"
    return text


def _mask_cookie(match: re.Match[str]) -> str:
    return match["name"] + mask(match["value"])


def _mask_match(match: re.Match[str]) -> str:
    groups = match.groupdict()
    name = "quoted" if groups.get("quoted") is not None else "bare"
    secret = match[name]
    if not secret or secret.startswith((_MASKED[:9], CREDENTIAL[:-1])):
        return match[0]
    start, end = match.start(name) - match.start(), match.end(name) - match.start()
    return match[0][:start] + mask(secret) + match[0][end:]
