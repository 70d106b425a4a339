"""Credentials in a reproducer: the environment variables that hold them, for a shell and for Python."""

from __future__ import annotations

import re
import shlex

from samewire.access import Access
from samewire.exchange import Field

_MARK = re.compile("\0credential:\\$([A-Za-z0-9_]+)\0")
_MARK_IN_BYTES = re.compile(_MARK.pattern.encode())


def shown_fields(access: Access) -> tuple[Field, ...]:
    """The target's fields, credentials by a mark that no case holds."""
    return (*access.headers, *((one.name, f"\0credential:{one.shown}\0") for one in access.credentials))


def marked(value: str) -> str:
    """A value with variables in the place of marks."""
    return _MARK.sub(r"$\1", value)


def word(text: str) -> str:
    """Quoted for a shell, which fills in the variable of a credential."""
    plain, *rest = _MARK.split(text)
    if not rest:
        return shlex.quote(plain)
    parts = enumerate((plain, *rest))
    return "".join(f'"${part}"' if number % 2 else shlex.quote(part) for number, part in parts if part)


def literal(data: bytes) -> str:
    """A bytes expression without a quote or a backslash that a shell or Python could misread.

    Credentials are read from the environment.
    """
    parts = _MARK_IN_BYTES.split(data)
    return "+".join(
        f'os.environb[b"{part.decode()}"]' if number % 2 else f'b"{"".join(map(_escaped, part))}"'
        for number, part in enumerate(parts)
    )


def _escaped(byte: int) -> str:
    if byte in (9, 10, 13):
        return {9: "\\t", 10: "\\n", 13: "\\r"}[byte]
    return chr(byte) if 32 <= byte < 127 and byte not in b"\"'\\" else f"\\x{byte:02x}"
