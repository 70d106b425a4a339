"""Where an answer's content ends, and whether the connection goes on after it, by its head alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from samewire.ascii import lower, strip, whole_number
from samewire.exchange import Field, Framing
from samewire.wire.faults import Faults, shown
from samewire.wire.head import Head

SWITCHING = 101
_NO_CONTENT = 204
_NOT_MODIFIED = 304
_DIGITS = re.compile(r"[0-9]{1,18}")


class Framed(NamedTuple):
    """The framing, and with LENGTH how many bytes it says."""

    framing: Framing
    length: int = 0


def framed(head: Head, method: str, faults: Faults) -> Framed:
    """How the content of the answer to a request of that method ends (RFC 9112 section 6.3)."""
    lengths, codings = head.values("content-length"), head.values("transfer-encoding")
    if lengths or codings:
        _check(head, lengths, codings, faults)
    if method == "HEAD" or head.status < 200 or head.status in {_NO_CONTENT, _NOT_MODIFIED} or tunnels(head, method):
        return Framed(Framing.NONE)
    if codings:
        return _coded(codings, faults)
    return _sized(lengths, faults) if lengths else Framed(Framing.CLOSE)


def interim(head: Head) -> bool:
    """Whether another answer follows to the same request; after 101 comes another protocol."""
    return 100 <= head.status < 200 and head.status != SWITCHING


def tunnels(head: Head, method: str) -> bool:
    """Whether what follows the head is another protocol's: 101, or a 2xx to CONNECT (RFC 9110 section 9.3.6)."""
    return head.status == SWITCHING or (method == "CONNECT" and 200 <= head.status < 300)


def closes(version: str, fields: Iterable[Field], framing: Framing) -> bool:
    """Whether an answer says that its connection ends with it (RFC 9112 section 9.3)."""
    options = {
        lower(strip(option)) for name, value in fields if lower(name) == "connection" for option in value.split(",")
    }
    if "close" in options or framing is Framing.CLOSE:
        return True
    return version < "HTTP/1.1" and "keep-alive" not in options


def _check(head: Head, lengths: list[str], codings: list[str], faults: Faults) -> None:
    """What is forbidden whichever framing applies (RFC 9112 sections 6.1 and 6.2, RFC 9110 section 8.6)."""
    if lengths and codings:
        faults.add("Content-Length stands beside Transfer-Encoding")
    if len(lengths) > 1:
        faults.add(f"Content-Length stands {len(lengths)} times")
    if codings and head.version == "HTTP/1.0":
        faults.add("Transfer-Encoding stands in an HTTP/1.0 answer")
    if head.status < 200 or head.status == _NO_CONTENT:
        for name, values in (("Content-Length", lengths), ("Transfer-Encoding", codings)):
            if values:
                faults.add(f"{name} stands in a {head.status} answer")
    for value in lengths:
        if not _DIGITS.fullmatch(value):
            faults.add(f"Content-Length {shown(value)} is not a number")


def _coded(codings: list[str], faults: Faults) -> Framed:
    names = [lower(strip(name)) for line in codings for name in line.split(",")]
    if names == ["chunked"]:
        return Framed(Framing.CHUNKED)
    if names.count("chunked") > 1:
        faults.add("chunked is applied more than once")
    if names[-1] == "chunked":
        return Framed(Framing.CHUNKED)
    faults.add(f"Transfer-Encoding {shown(', '.join(codings))} does not end with chunked")
    return Framed(Framing.CLOSE)


def _sized(lengths: list[str], faults: Faults) -> Framed:
    """The first length that is one, also of `5, 5`; when there is none, what comes until the connection ends."""
    for value in lengths:
        number = strip(value.split(",")[0])
        if _DIGITS.fullmatch(number):
            return Framed(Framing.LENGTH, whole_number(number))
    return Framed(Framing.CLOSE)
