"""What RFC 6455 asks of a client's frames and aiohttp's reader lets pass."""

from __future__ import annotations

from typing import Final, Protocol

_HEAD: Final = 2
_MASKED: Final = 0x80
_KEY: Final = 4
_LONGER: Final = {126: (2, 126), 127: (8, 1 << 16)}
"""By the first length: how many bytes the real one has, and from where on it may be used."""
_MALFORMED: Final = b"\xf0\x80"
"""A frame with reserved bits, which the reader refuses by itself (1002)."""


class Reader(Protocol):
    """aiohttp's WebSocketReader, as its connection uses it."""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]: ...

    def feed_eof(self) -> None: ...


class StrictReader:
    """Lets masked frames (section 5.1) with lengths as short as can be (section 5.2) through; others end in 1002."""

    __slots__ = ("_held", "_reader", "_rest")

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._held = b""
        self._rest = 0
        """Bytes of key and payload still to come."""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        data = self._held + data
        at = self._rest
        while at < len(data):
            size = _frame(data, at)
            if size is None:
                break
            if size < 0:
                return self._reader.feed_data(data[:at] + _MALFORMED)
            at += size
        # The head of a frame is judged whole.
        self._rest = max(0, at - len(data))
        self._held = data[at:]
        return self._reader.feed_data(data[:at])

    def feed_eof(self) -> None:
        self._reader.feed_eof()


def _frame(data: bytes, at: int) -> int | None:
    """The size of the frame that begins at `at`; None while its head is not all here, -1 when it is malformed."""
    if len(data) < at + _HEAD:
        return None
    first = data[at + 1]
    if not first & _MASKED:
        return -1
    length, more = first & 0x7F, 0
    if length in _LONGER:
        more, least = _LONGER[length]
        if len(data) < at + _HEAD + more:
            return None
        length = int.from_bytes(data[at + _HEAD : at + _HEAD + more])
        if length < least:
            return -1
    return _HEAD + more + _KEY + length
