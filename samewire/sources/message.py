"""A captured request or answer, as it was on the wire, taken apart."""

from __future__ import annotations

import re

from samewire.ascii import lower, whole_number
from samewire.exchange import Framing
from samewire.sources.requests import end_to_end, fault, place, target
from samewire.sources.source import Item
from samewire.traffic import Record, RecordedAnswer, Skipped
from samewire.wire.content import Content, Progress
from samewire.wire.faults import Faults
from samewire.wire.framing import Framed
from samewire.wire.head import block_end, lines, parse_fields
from samewire.wire.limits import LIMITS
from samewire.wire.parser import Parser

_REQUEST_LINE = re.compile(r"(\S+) (\S+) HTTP/1\.[01]", re.ASCII)


def request(id: str, data: bytes) -> Item:
    """The record of a request of HTTP/1.1; Skipped when it can't be sent as a well-formed one."""
    faults = Faults()
    end = block_end(bytearray(data[: LIMITS.head]))
    first, *rest = lines(data[: max(end, 0)], faults)
    asked = _REQUEST_LINE.fullmatch(first)
    if end < 0 or asked is None:
        return Skipped(id, "not a request of HTTP/1.1")
    method, at = asked[1], asked[2]
    fields = parse_fields(rest, faults)
    if faults.all() or fault(method, fields):
        return Skipped(id, fault(method, fields) or "its head is malformed: send it as raw bytes")
    where = None if at.startswith("/") or "://" not in at else place(at, "latin-1")
    if isinstance(where, str) or (where is None and not at.startswith("/") and (method, at) != ("OPTIONS", "*")):
        return Skipped(id, "its target is no path")
    body = _content({lower(name): value for name, value in fields}, data[end:])
    if isinstance(body, str):
        return Skipped(id, body)
    return Record(id, method, where.target if where else target(at.encode("latin-1")), tuple(end_to_end(fields)), body)


def answer(data: bytes, method: str) -> RecordedAnswer | None:
    """What was answered to a request of that method; None when it can't be read."""
    parser = Parser()
    parser.begin(method, 0.0)
    parser.feed(data, 0.0)
    parser.end()
    found = parser.answer
    return RecordedAnswer(found.status, found.fields, found.body) if found else None


def _content(fields: dict[str, str], data: bytes) -> bytes | str | None:
    """The content without its transfer coding; None when the request has none; a text says why there is none."""
    if "transfer-encoding" in fields:
        content = Content(Framed(Framing.CHUNKED), LIMITS, Faults())
        whole = content.take(bytearray(data), 0.0) is Progress.DONE
        return content.kept.data() if whole else "its content was not recorded whole"
    length = fields.get("content-length")
    if length is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", length) or len(data) < whole_number(length):
        return "its content was not recorded whole"
    return data[: whole_number(length)]
