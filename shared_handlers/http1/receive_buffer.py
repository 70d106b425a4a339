"""Bytes that have arrived and are not used yet."""

from __future__ import annotations


class ReceiveBuffer:
    """A queue of bytes that is cut from the front without copying the rest."""

    __slots__ = ("_at", "_data")

    def __init__(self) -> None:
        self._data = b""
        self._at = 0

    def __len__(self) -> int:
        return len(self._data) - self._at

    def feed(self, data: bytes) -> None:
        """Add what arrived at the end."""
        self._data = self._data[self._at :] + data if self._at < len(self._data) else data
        self._at = 0

    def take(self, most: int) -> bytes:
        """At most so many bytes from the front; empty when there are none."""
        piece = self._data[self._at : self._at + most]
        self._at += len(piece)
        return piece

    def peek(self, most: int) -> bytes:
        """The same without taking them."""
        return self._data[self._at : self._at + most]

    def skip(self, octets: bytes) -> bool:
        """Drop these bytes from the front, however many; False when nothing else has arrived."""
        while (head := self._data[self._at : self._at + 1]) and head in octets:
            self._at += 1
        return head != b""

    def through(self, mark: bytes, limit: int) -> bytes | None:
        """What stands before the first `mark`, taken together with it; None unless both end within `limit` bytes."""
        start = self._at
        end = self._data.find(mark, start, start + limit)
        if end < 0:
            return None
        self._at = end + len(mark)
        return self._data[start:end]
