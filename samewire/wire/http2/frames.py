"""HTTP/2 frames one by one, because h2 forgets what it read before a frame that it can't read, and stops at GOAWAY."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from h2.exceptions import FrameTooLargeError

_HEAD = 9
"""Bytes of a frame's head (RFC 9113 section 4.1)."""
_GOAWAY = 0x7
_MOST = 16_384
"""Bytes of a payload: the client asks for no more (RFC 9113 section 4.2)."""


class GoAway(NamedTuple):
    """That the server takes no new streams (RFC 9113 section 6.8)."""

    last: int
    """The last stream that it may answer."""
    code: int


def whole_frames(buffer: bytearray) -> Iterator[bytes]:
    """The frames that are whole, taken from the buffer. Raises FrameTooLargeError as soon as a head says so."""
    while len(buffer) >= _HEAD:
        length = int.from_bytes(buffer[:3], "big")
        if length > _MOST:
            raise FrameTooLargeError(f"a frame of {length} bytes, where {_MOST} are the most")
        end = _HEAD + length
        if len(buffer) < end:
            return
        frame = bytes(buffer[:end])
        del buffer[:end]
        yield frame


def goaway(frame: bytes) -> GoAway | None:
    """What the frame says if it is GOAWAY."""
    if frame[3] != _GOAWAY or len(frame) < _HEAD + 8:
        return None
    last, code = (int.from_bytes(frame[at : at + 4], "big") for at in (_HEAD, _HEAD + 4))
    return GoAway(last & 0x7FFFFFFF, code)
