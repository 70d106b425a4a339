"""Access logs in the Common and the Combined Log Format, as Apache httpd and nginx write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samewire.exchange import Field
from samewire.sources.inputs import Line
from samewire.sources.requests import end_to_end, fault, place, target
from samewire.sources.source import Item, Reading
from samewire.traffic import Record, Skipped

SUFFIXES = (".log",)
_QUOTED = r'"((?:[^"\\]|\\.)*+)"'
_LINE = re.compile(
    rf"\S+ \S+ [^\[\"]*+\[[^\]\s]+ [+-]\d{{4}}\] {_QUOTED} (?:\d{{3}}|-) (?:\d+|-)"
    rf"(?: {_QUOTED} {_QUOTED})?(?:\s.*)?",
    re.ASCII,
)
"""Host, identity, user (a virtual host may come first), time, request, status, bytes; Combined adds Referer and
User-Agent; what a format of one's own adds after these is not read. Linear in the line's length: possessive."""
_ESCAPE = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|([nrtvbf"\\]))')
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "b": "\b", "f": "\f"}
_REQUEST = re.compile(r"(\S+) (\S.*) HTTP/(\d\.\d)", re.ASCII)
_WITH_CONTENT = ("POST", "PUT", "PATCH")


def looks(head: bytes) -> bool:
    """Whether one of the first lines is one of an access log."""
    return any(_LINE.fullmatch(line) for line in map(_text, head.splitlines()[:20]))


def read(reading: Reading) -> Iterator[Item]:
    """A record a line; empty lines, and comments, are none."""
    for line in reading.input.lines():
        if line.data.strip() and not line.data.startswith(b"#"):
            yield _item(reading.id(line.number), line)


def _text(line: bytes) -> str:
    """Return the line without what ends it, its bytes as characters of Latin-1."""
    return line.rstrip().decode("latin-1")


def _item(id: str, line: Line) -> Item:
    found = None if line.too_long else _LINE.fullmatch(_text(line.data))
    if found is None:
        return Skipped(id, "not a line of the Common or Combined Log Format")
    request, referer, agent = found.groups()
    asked = _REQUEST.fullmatch(_unescaped(request))
    if asked is None:
        return Skipped(id, _unread(request))
    fields = tuple(_fields(("Referer", referer), ("User-Agent", agent)))
    return _record(id, asked[1], asked[2], fields)


def _record(id: str, method: str, asked: str, fields: tuple[Field, ...]) -> Item:
    if method in _WITH_CONTENT:
        return Skipped(id, "an access log does not keep the content that was sent")
    where = None if asked.startswith("/") or "://" not in asked else place(asked, "latin-1")
    if isinstance(where, str):
        return Skipped(id, where)
    if wrong := fault(method, fields):
        return Skipped(id, wrong)
    if where is None and not asked.startswith("/") and (method, asked) != ("OPTIONS", "*"):
        return Skipped(id, "its target is no path")
    return Record(id, method, where.target if where else target(asked.encode("latin-1")), fields)


def _fields(*lines: tuple[str, str | None]) -> Iterator[Field]:
    return end_to_end((name, _unescaped(value)) for name, value in lines if value and value != "-")


def _unescaped(text: str) -> str:
    """Without the escapes that Apache httpd (`\\"`, `\\xhh`, `\\n`) and nginx (`\\xhh`) put."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else _NAMED.get(escape[2], escape[2]), text)


def _unread(request: str) -> str:
    if request in ("-", ""):
        return "no request was read from that connection"
    if re.fullmatch(r"GET \S+", request, re.ASCII):
        return "HTTP/0.9"
    return "not a request line of HTTP/1.1"
