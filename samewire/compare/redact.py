"""Hides secrets in what is shown, so that equal secrets stay visibly equal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from samewire.ascii import lower, strip

_LINES = "authorization|proxy-authorization|cookie|set-cookie"
_SCHEME = "(?:(?:Bearer|Basic|Digest) )?+"
_OWNER = "(?:access|refresh|auth|id|csrf|xsrf|session|bearer|client|user)?"
_WORD = (
    f"{_OWNER}token|{_OWNER}secret|secrets|{_OWNER}passw(?:or)?ds?|pwd|passphrase|(?:api|secret|access|private|signing)-?key"
    "|signature|sig|jwt|credentials?|authorization|code-verifier"
)
_NAME = re.compile(
    rf"{_LINES}|(?!(?:has|is|max|access-control-allow)-)(?:.*-)?(?:{_WORD})(?:-?(?:confirm(?:ation)?|[0-9]+))?"
)
"""A name in lower case, its words parted by `-`, whose last says that it is one: `tokens-used`, `token-type` are not."""
_LONGEST_NAME = 100
_BETWEEN_WORDS = re.compile("[_.]|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMING = re.compile(r"""(?<![\w-])(?P<name>[\w-]++)(?:\\*+(?:["'\]]|%5D)?\s*+[:=]\s*+|"\s*+,\s*+(?="))""", re.ASCII)
"""A member or a parameter up to its value, or the first of a pair of name and value."""
_QUOTED = r'"(?:[^"\\]|\\.)*+"?'
_VALUE = re.compile(
    rf"""(?:"(?P<quoted>(?:[^"\\]|\\.)*+)|\\++"(?P<escaped>[^"\\]*+)|\[(?P<items>(?:[^"\[\]]|{_QUOTED})*+)"""
    rf"""|\{{(?P<members>(?:[^"{{}}]|{_QUOTED})*+)|{_SCHEME}(?!(?:true|false|null)\b)(?P<bare>[^\s"'&,;<>}}\]\\]++))""",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
"""A string, though its end is cut off, one inside a string, all of an array or an object, or a word."""
_PATTERNS = (
    re.compile(rf'(?<![\w-])(?:{_LINES}):[ \t]*+{_SCHEME}(?P<bare>[^\s"<][^\r\n"<]*)', re.ASCII | re.IGNORECASE),
    re.compile(r'\b(?:Bearer|Basic) (?!\w+=")(?P<bare>[A-Za-z0-9._~+/=-]{8,})', re.ASCII),
    re.compile(r'(?<![\w-])response=\\?"(?P<bare>[0-9A-Fa-f]{16,})', re.ASCII),
    re.compile(r"://[^/\s:@]*+:(?P<bare>[^/\s@]++)@", re.ASCII),
)
"""Field lines in a text, credentials anywhere, the proof in Digest (RFC 7616 section 3.4), a URL's userinfo."""
_COOKIE_VALUE = re.compile(r"(?P<name>[^=;\s]+=)(?P<value>[^;]*)", re.ASCII)
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
    return _is_secret(name[-_LONGEST_NAME:])


def redact_field(name: str, value: str) -> str:
    """A field value as it may be shown."""
    match lower(name):
        case "set-cookie":
            return _COOKIE_VALUE.sub(_mask_cookie, value, count=1)
        case "cookie":
            return _COOKIE_VALUE.sub(_mask_cookie, value)
        case "authorization" | "proxy-authorization":
            scheme, blank, credentials = value.partition(" ")
            return f"{scheme} {mask(credentials)}" if blank else mask(value)
        case known if is_secret(known):
            return mask(value)
        case _:
            return redact(value)


def redact(text: str) -> str:
    """Any text as it may be shown: credentials, and the values of members and parameters named as secrets, masked."""
    for pattern in _PATTERNS:
        text = pattern.sub(_mask_match, text)
    return _mask_named(text)


def credentials(secrets: Sequence[str]) -> tuple[str, ...]:
    """The texts in which a server may echo these field values, the longest first.

    Each as a whole, without its authentication scheme (RFC 9110 section 11.4), and percent-encoded.
    """
    parts = {strip(part) for secret in secrets for part in (secret, secret.partition(" ")[2])}
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


@lru_cache(4096)
def _is_secret(name: str) -> bool:
    return _NAME.fullmatch(lower(_BETWEEN_WORDS.sub("-", name))) is not None


def _mask_named(text: str) -> str:
    """With the values of members, parameters and pairs masked whose name says that they are secrets."""
    shown: list[str] = []
    done = 0
    for naming in _NAMING.finditer(text):
        start = naming.end()
        if start < done or not is_secret(naming["name"].removeprefix("5B")) or not _named(text, naming):
            continue
        if value := _VALUE.match(text, start):
            shown += [text[done:start], _mask_match(value)]
            done = value.end()
    return "".join((*shown, text[done:]))


def _named(text: str, naming: re.Match[str]) -> bool:
    """Whether what stands before a comma is a string and not the last word of a sentence."""
    return "," not in naming[0] or text[naming.start() - 1 : naming.start()] == '"'


def _mask_match(match: re.Match[str]) -> str:
    name = match.lastgroup or "bare"
    secret = match[name]
    if not secret or secret.startswith((_MASKED[:9], _MASKED[1:9], CREDENTIAL[:-1])):
        return match[0]
    start, end = match.start(name) - match.start(), match.end(name) - match.start()
    return match[0][:start] + mask(secret) + match[0][end:]
