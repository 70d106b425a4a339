"""What RFC 6455 asks of a client's frames and aiohttp's reader lets pass."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Final, NamedTuple, Protocol

from shared_handlers.deflate import most_coded

PROTOCOL_ERROR: Final = 1002
TOO_BIG: Final = 1009
_HEAD: Final = 2
_MASKED: Final = 0x80
_KEY: Final = 4
_LONGER: Final = {126: (2, 126), 127: (8, 1 << 16)}
"""By the first length: how many bytes the real one has, and from where on it may be used."""
_TEXT, _BINARY, _CONTROL = 1, 2, 8
_FIN, _RSV1, _RSV2_AND_3 = 0x80, 0x40, 0x30
_MOST_LENGTH: Final = 1 << 63


class Coded(Enum):
    """How a message came: compressed, or not."""

    NO = 0
    TEXT = 1
    BINARY = 2


class Reader(Protocol):
    """aiohttp's WebSocketReader, as its connection uses it."""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]: ...

    def feed_eof(self) -> None: ...


class StrictReader:
    """Lets through what is masked (section 5.1), as short as can be said (5.2), in order (5.4) and not too long.

    Anything else looks to the reader like a close frame with the code that answers it; what follows is dropped.
    Where `deflated` was agreed on, a compressed message goes through as if it were a plain one of binary data, and
    `coded` says of each message, in their order, what it is. So it waits compressed until somebody asks for it.
    """

    __slots__ = (
        "_compressed", "_deflated", "_failed", "_held", "_max_message", "_open", "_reader", "_rest", "_size", "coded",
    )  # fmt: skip

    def __init__(self, reader: Reader, max_message: int, deflated: bool = False) -> None:
        self._reader = reader
        self._max_message = max_message
        self._deflated = deflated
        self._failed = False
        self._held = b""
        """The beginning of a frame's head: it is judged whole."""
        self._rest = 0
        """Bytes of key and payload still to come."""
        self._size = 0
        """Bytes of the message so far."""
        self._open = False
        """Frames of a message have come, and more of them follow."""
        self._compressed = False
        """Whether that message is compressed."""
        self.coded: deque[Coded] = deque()

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        if self._failed:
            return False, b""
        arrived = bytearray(self._held + data)
        at = self._rest
        while at < len(arrived) and (frame := _frame(arrived, at)) is not None:
            code = self._fault(frame)
            if code:
                self._failed = True
                return self._reader.feed_data(bytes(arrived[:at]) + _close(code))
            if self._deflated and frame.begins:
                arrived[at] = self._first_byte(frame)
            at += frame.size
        self._rest = max(0, at - len(arrived))
        self._held = bytes(arrived[at:])
        return self._reader.feed_data(bytes(arrived[:at]))

    def feed_eof(self) -> None:
        self._reader.feed_eof()

    def _fault(self, frame: _Frame) -> int:
        """The code that answers the frame, or 0. Unknown opcodes and reserved bits are left to the reader."""
        if not frame.sound:
            return PROTOCOL_ERROR
        if frame.opcode >= _CONTROL:
            return 0
        if frame.begins == self._open:
            return PROTOCOL_ERROR
        if frame.begins:
            self._compressed, self._size = self._deflated and frame.rsv1, 0
        self._open = not frame.final
        self._size += frame.length
        return TOO_BIG if self._size > self._most else 0

    @property
    def _most(self) -> int:
        return most_coded(self._max_message) if self._compressed else self._max_message

    def _first_byte(self, frame: _Frame) -> int:
        """Of the first frame of a message, as the reader is to see it."""
        if not self._compressed or frame.opcode not in (_TEXT, _BINARY):
            self.coded.append(Coded.NO)
            return frame.first
        self.coded.append(Coded.TEXT if frame.opcode == _TEXT else Coded.BINARY)
        return frame.first & (_FIN | _RSV2_AND_3) | _BINARY


class _Frame(NamedTuple):
    first: int
    """FIN, the reserved bits and the opcode."""
    length: int
    """Of the payload."""
    size: int
    """Of the whole frame."""
    sound: bool

    @property
    def opcode(self) -> int:
        return self.first & 0x0F

    @property
    def final(self) -> bool:
        return bool(self.first & _FIN)

    @property
    def rsv1(self) -> bool:
        return bool(self.first & _RSV1)

    @property
    def begins(self) -> bool:
        """It is the first one of a message."""
        return 0 < self.opcode < _CONTROL


def _frame(data: bytearray, at: int) -> _Frame | None:
    """The frame that begins at `at`; None while its head is not all here."""
    if len(data) < at + _HEAD:
        return None
    second, length, more, least = data[at + 1], data[at + 1] & 0x7F, 0, 0
    if length in _LONGER:
        more, least = _LONGER[length]
        if len(data) < at + _HEAD + more:
            return None
        length = int.from_bytes(data[at + _HEAD : at + _HEAD + more])
    sound = bool(second & _MASKED) and least <= length < _MOST_LENGTH
    return _Frame(data[at], length, _HEAD + more + _KEY + length, sound)


def _close(code: int) -> bytes:
    return b"\x88\x82" + bytes(_KEY) + code.to_bytes(2)
