"""What is kept of an answer's content: its beginning, where it was cut, and of what goes past the limit the digest."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from samewire.exchange import Chunk, Whole
from samewire.wire.limits import Limits


class Kept:
    """Grows with the content; memory does so up to `limits.content` bytes."""

    __slots__ = ("_data", "_digest", "_limits", "_marks", "size")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._data = bytearray()
        self._digest = None if limits.content > 0 else sha256()
        self._marks: list[_Mark] = []
        self.size = 0
        """Bytes in all, kept or not."""

    def add(self, data: bytes | bytearray) -> None:
        room = self._limits.content - len(self._data)
        self.size += len(data)
        if self._digest is None and len(data) > room:
            self._digest = sha256(self._data)
        if self._digest is not None:
            self._digest.update(data)
        self._data += data[: max(room, 0)]

    def mark(self, start: int, extension: str, at: float) -> None:
        """A chunk, or what one read gave, from `start` to what there is by now."""
        if len(self._marks) < self._limits.chunks:
            self._marks.append(_Mark(start, self.size, extension, at))

    def data(self, start: int = 0) -> bytes:
        """What is kept, from `start`."""
        return bytes(self._data[start:])

    def chunks(self, origin: float) -> tuple[Chunk, ...]:
        """What was marked, as far as it is kept; times count from `origin`."""
        data = self.data()
        return tuple(Chunk(data[mark.start : mark.end], mark.extension, mark.at - origin) for mark in self._marks)

    @property
    def whole(self) -> Whole | None:
        """Of all of it, when not all is kept."""
        return None if self._digest is None else Whole(self.size, self._digest.hexdigest())


class _Mark(NamedTuple):
    start: int
    end: int
    extension: str
    at: float
