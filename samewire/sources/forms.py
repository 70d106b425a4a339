"""Contents of forms, written as browsers write them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlencode

Part = tuple[str, str | bytes, str | None, str | None]
"""Name, value, the file's name, its media type."""


def urlencoded(pairs: Sequence[tuple[str, str]]) -> bytes:
    """`application/x-www-form-urlencoded` (WHATWG URL section 5)."""
    return urlencode(pairs, errors="surrogatepass").encode()


def form_data(parts: Sequence[Part]) -> tuple[bytes, str]:
    """`multipart/form-data` (RFC 7578), and the media type that names its boundary; equal parts give equal bytes."""
    contents = [_part(*part) for part in parts]
    boundary = f"samewire-{sha256(b''.join(contents)).hexdigest()[:32]}"
    lines = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), content) for content in contents)
    return lines + b"--%b--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"


def _part(name: str, value: str | bytes, file: str | None, kind: str | None) -> bytes:
    disposition = f'form-data; name="{_escaped(name)}"'
    if file:
        disposition += f'; filename="{_escaped(str(file))}"'
    kind = str(kind) if kind else "application/octet-stream" if file else ""
    typed = f"Content-Type: {_line(kind)}\r\n" if kind else ""
    head = f"Content-Disposition: {disposition}\r\n{typed}\r\n".encode("utf-8", "surrogatepass")
    return head + (value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))


def _escaped(text: str) -> str:
    """As WHATWG HTML section 4.10.21.8 has names and file names escaped."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
