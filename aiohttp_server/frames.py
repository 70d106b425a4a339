"""What RFC 6455 asks of a client's frames and aiohttp's reader lets pass."""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

PROTOCOL_ERROR: Final = 1002
TOO_BIG: Final = 1009
_HEAD: Final = 2
_MASKED: Final = 0x80
_KEY: Final = 4
_LONGER: Final = {126: (2, 126), 127: (8, 1 << 16)}
"""By the first length: how many bytes the real one has, and from where on it may be used."""
_CONTROL: Final = 8


class Reader(Protocol):
    """aiohttp's WebSocketReader, as its connection uses it."""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]: ...

    def feed_eof(self) -> None: ...


class StrictReader:
    """Lets through what is masked (section 5.1), as short as can be said (5.2) and not too long.

    Anything else looks to the reader like a close frame with the code that answers it; what follows is dropped.
    """

    __slots__ = ("_failed", "_held", "_max_message", "_reader", "_rest", "_size")

    def __init__(self, reader: Reader, max_message: int) -> None:
        self._reader = reader
        self._max_message = max_message
        self._failed = False
        self._held = b""
        """The beginning of a frame's head: it is judged whole."""
        self._rest = 0
        """Bytes of key and payload still to come."""
        self._size = 0
        """Bytes of the message so far."""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        if self._failed:
            return False, b""
        data = self._held + data
        at = self._rest
        while at < len(data) and (frame := _frame(data, at)) is not None:
            code = self._fault(frame)
            if code:
                self._failed = True
                return self._reader.feed_data(data[:at] + _close(code))
            at += frame.size
        self._rest = max(0, at - len(data))
        self._held = data[at:]
        return self._reader.feed_data(data[:at])

    def feed_eof(self) -> None:
        self._reader.feed_eof()

    def _fault(self, frame: _Frame) -> int:
        if not frame.sound:
            return PROTOCOL_ERROR
        if frame.opcode < _CONTROL:
            self._size = frame.length + (0 if frame.opcode else self._size)
        return TOO_BIG if self._size > self._max_message else 0


class _Frame(NamedTuple):
    opcode: int
    length: int
    """Of the payload."""
    size: int
    """Of the whole frame."""
    sound: bool


def _frame(data: bytes, at: int) -> _Frame | None:
    """The frame that begins at `at`; None while its head is not all here."""
    if len(data) < at + _HEAD:
        return None
    first, length, more, least = data[at + 1], data[at + 1] & 0x7F, 0, 0
    if length in _LONGER:
        more, least = _LONGER[length]
        if len(data) < at + _HEAD + more:
            return None
        length = int.from_bytes(data[at + _HEAD : at + _HEAD + more])
    return _Frame(data[at] & 0x0F, length, _HEAD + more + _KEY + length, bool(first & _MASKED) and length >= least)


def _close(code: int) -> bytes:
    return b"\x88\x82" + bytes(_KEY) + code.to_bytes(2)
