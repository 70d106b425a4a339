"""The requests within the bytes a client has sent: to whose method an answer belongs, and whether all is said."""

from __future__ import annotations

import re
from typing import NamedTuple

from parity.exchange import Framing
from parity.wire.content import Content, Progress
from parity.wire.faults import Faults
from parity.wire.framing import Framed
from parity.wire.head import block_end
from parity.wire.limits import LIMITS

_METHOD = re.compile(rb"[^\s]*")
_CHUNKED = re.compile(rb"\n(?i:transfer-encoding):[^\n]*(?i:chunked)")
_LENGTH = re.compile(rb"\n(?i:content-length):[ \t]*([0-9]{1,18})[ \t]*\r?\n")


class Request(NamedTuple):
    """Where one request stands in what was sent."""

    method: str
    start: int
    end: int | None
    """None while a part of it is missing."""


def request_at(sent: bytearray, start: int) -> Request | None:
    """The request that begins at `start` or, as empty lines may come first (RFC 9112 section 2.2), soon after; or None.

    What is no well-formed request reaches to the end of what was sent.
    """
    while sent[start : start + 1] in {b"\r", b"\n"}:
        start += 1
    if start >= len(sent):
        return None
    match = _METHOD.match(sent, start)
    method = match[0].decode("latin-1") if match else ""
    rest = sent[start:]
    head = block_end(rest)
    length = None if head < 0 else _length(rest, head)
    return Request(method, start, None if length is None else start + length)


def _length(request: bytearray, head: int) -> int | None:
    """How long the request is whose head ends at `head`; None while a part of it is missing."""
    block = request[:head]
    if _CHUNKED.search(block):
        return _chunked_length(request, head)
    match = _LENGTH.search(block)
    whole = head + (int(match[1]) if match else 0)
    return whole if whole <= len(request) else None


def _chunked_length(request: bytearray, head: int) -> int | None:
    rest = request[head:]
    content = Content(Framed(Framing.CHUNKED), LIMITS, Faults())
    match content.take(rest, 0.0):
        case Progress.DONE:
            return len(request) - len(rest)
        case Progress.BROKEN:
            return len(request)
        case _:
            return None
