"""WebSocket frames as a server sends them, unmasked (RFC 6455 section 5.2); no socket."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_FIN, _OPCODE, _MASK, _LENGTH = 0x80, 0x0F, 0x80, 0x7F


class Frame(NamedTuple):
    """One frame."""

    first: int
    """FIN, the reserved bits and the opcode."""
    payload: bytes
    raw: bytes

    @property
    def opcode(self) -> int:
        return self.first & _OPCODE

    @property
    def final(self) -> bool:
        return bool(self.first & _FIN)


class Frames:
    """Feed it what comes; together the frames and the rest are what came."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are whole by now."""
        self._buffer += data
        while (frame := self._frame()) is not None:
            del self._buffer[: len(frame.raw)]
            yield frame

    def rest(self) -> bytes:
        """What never came whole."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def _frame(self) -> Frame | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        start, length = 2, buffer[1] & _LENGTH
        if length > 125:
            size, kind = (2, "!H") if length == 126 else (8, "!Q")
            if len(buffer) < 2 + size:
                return None
            start, (length,) = 2 + size, struct.unpack_from(kind, buffer, 2)
        start += 4 if buffer[1] & _MASK else 0
        if len(buffer) < start + length:
            return None
        return Frame(buffer[0], bytes(buffer[start : start + length]), bytes(buffer[: start + length]))


def frame(first: int, payload: bytes) -> bytes:
    """An unmasked frame, its length in the fewest bytes."""
    size = len(payload)
    if size <= 125:
        return bytes((first, size)) + payload
    return bytes((first, 126)) + struct.pack("!H", size) + payload if size < 1 << 16 else _long(first, payload)


def _long(first: int, payload: bytes) -> bytes:
    return bytes((first, 127)) + struct.pack("!Q", len(payload)) + payload
