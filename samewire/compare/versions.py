"""What HTTP/2 itself makes different from HTTP/1.1: no behaviour of a server, and so no difference between them.

Said here and nowhere else; it holds only where one side spoke HTTP/2 and the other did not.
"""

from __future__ import annotations

from samewire.compare.delta import Delta
from samewire.compare.globs import fits_place
from samewire.exchange import Answered, End, Transcript

HTTP_2 = "HTTP/2"
PLACES = (
    "*version",
    "*reason",
    "*framing",
    "*chunk-extensions",
    "*header-case.*",
    "trailer-case.*",
    "*header.connection",
    "*header.keep-alive",
    "*header.proxy-connection",
    "*header.transfer-encoding",
    "*header.upgrade",
)
"""HTTP/2 has no version and no reason in an answer, frames instead of chunks, names in lower case only (RFC 9113
sections 8.2 and 8.3.2), and no field of a connection (section 8.2.2)."""
_IN_ORDER = {End.REUSABLE, End.CLOSED, End.LEFT}


def parted(old: Transcript, new: Transcript) -> bool:
    """Whether one side spoke HTTP/2 and the other did not."""
    return _spoke_http_2(old) != _spoke_http_2(new)


def makes(delta: Delta) -> bool:
    """Whether the version makes this difference; a connection that is kept on one side may be closed on the other."""
    if delta.place == "connection":
        return set(delta.old + delta.new) <= _IN_ORDER
    return any(fits_place(place, delta.place) for place in PLACES)


def _spoke_http_2(side: Transcript) -> bool:
    return any(
        seen.answer is not None and seen.answer.version == HTTP_2
        for seen in side.observations
        if isinstance(seen, Answered)
    )
