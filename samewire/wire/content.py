"""The content of one answer, read under its framing from bytes that come in pieces (RFC 9112 sections 6 and 7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto

from samewire.exchange import Field, Framing
from samewire.wire.faults import Faults, shown
from samewire.wire.framing import Framed
from samewire.wire.head import block_end, lines, parse_fields
from samewire.wire.kept import Kept
from samewire.wire.limits import Limits

_SIZE = re.compile(r"[0-9A-Fa-f]{1,16}")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Progress(Enum):
    MORE = auto()
    """Bytes are missing."""
    DONE = auto()
    BROKEN = auto()
    """What comes next can't be read under this framing, or goes past a limit; it stays in the buffer."""


class Content:
    """Takes from a buffer what belongs to the content, and keeps it."""

    __slots__ = ("_faults", "_left", "_limits", "_scanned", "_start", "_step", "_word", "kept", "trailers")

    def __init__(self, framed: Framed, limits: Limits, faults: Faults) -> None:
        self._limits = limits
        self._faults = faults
        self.kept = Kept(limits)
        self._left = framed.length
        self._start = 0
        self._scanned = 0
        self._word = ""
        self._step = _steps[framed.framing]
        self.trailers: tuple[Field, ...] = ()

    def take(self, buffer: bytearray, at: float) -> Progress:
        """Go as far as the buffer reaches; `at` is when its last bytes came."""
        while True:
            progress = self._step(self, buffer, at)
            if progress is not None:
                return progress

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.kept.size

    def _none(self, _buffer: bytearray, _at: float) -> Progress:
        return Progress.DONE

    def _length(self, buffer: bytearray, at: float) -> Progress:
        self._start = self.size
        self._move(buffer)
        if self.size > self._start:
            self.kept.mark(self._start, "", at)
        return Progress.DONE if self._left == 0 else Progress.MORE

    def _close(self, buffer: bytearray, at: float) -> Progress:
        self._left = len(buffer)
        self._length(buffer, at)
        return Progress.MORE

    def _chunk_size(self, buffer: bytearray, _at: float) -> Progress | None:
        end = buffer.find(b"\n", self._scanned, self._limits.line + 1)
        if end < 0:
            return self._line_missing(buffer)
        if not self._read_size(buffer[:end]):
            return Progress.BROKEN
        self._scanned = 0
        del buffer[: end + 1]
        self._start = self.size
        self._step = Content._chunk_data
        return None

    def _line_missing(self, buffer: bytearray) -> Progress:
        self._scanned = len(buffer)
        if len(buffer) <= self._limits.line:
            return Progress.MORE
        self._faults.add(f"a chunk's size line is longer than {self._limits.line} bytes")
        return Progress.BROKEN

    def _read_size(self, line: bytearray) -> bool:
        """Whether the line has a size; extensions stand after it (RFC 9112 section 7.1.1)."""
        if not line.endswith(b"\r"):
            self._faults.add("a chunk's size line ends with LF alone")
        text, _, self._word = line.removesuffix(b"\r").decode("latin-1").partition(";")
        size = text.strip(" \t")
        if not _SIZE.fullmatch(size):
            self._faults.add(f"the chunk size {shown(text)} is not a hexadecimal number")
            return False
        if size != text:
            self._faults.add(f"white space stands around the chunk size {shown(text)}")
        if _CONTROL.search(self._word):
            self._faults.add("a chunk extension has a control character")
        self._left = int(size, 16)
        return True

    def _chunk_data(self, buffer: bytearray, at: float) -> Progress | None:
        last = self._left == 0
        self._move(buffer)
        if self._left:
            return Progress.MORE
        self.kept.mark(self._start, self._word, at)
        self._step = Content._trailers if last else Content._chunk_end
        return None

    def _chunk_end(self, buffer: bytearray, _at: float) -> Progress | None:
        if not buffer or buffer == b"\r":
            return Progress.MORE
        if buffer[:1] == b"\n":
            self._faults.add("a chunk ends with LF alone")
        elif buffer[:2] != b"\r\n":
            self._faults.add(f"a chunk of {self.size - self._start} bytes is not followed by CRLF")
            return Progress.BROKEN
        del buffer[: buffer.index(b"\n") + 1]
        self._step = Content._chunk_size
        return None

    def _trailers(self, buffer: bytearray, _at: float) -> Progress:
        none = buffer[:1] == b"\n" or buffer[:2] == b"\r\n"
        end = buffer.index(b"\n") + 1 if none else block_end(buffer, self._scanned)
        self._scanned = len(buffer)
        if end > self._limits.head or (end < 0 and len(buffer) > self._limits.head):
            self._faults.add(f"the trailers are longer than {self._limits.head} bytes")
            return Progress.BROKEN
        if end < 0:
            return Progress.MORE
        found = lines(bytes(buffer[:end]), self._faults)
        self.trailers = parse_fields((line for line in found if line), self._faults)
        del buffer[:end]
        return Progress.DONE

    def _move(self, buffer: bytearray) -> None:
        """Take what is left of the content or chunk as far as it is there."""
        taken = buffer[: self._left]
        self.kept.add(taken)
        self._left -= len(taken)
        del buffer[: len(taken)]


_Step = Callable[[Content, bytearray, float], Progress | None]
_steps: dict[Framing, _Step] = {
    Framing.NONE: Content._none,
    Framing.LENGTH: Content._length,
    Framing.CLOSE: Content._close,
    Framing.CHUNKED: Content._chunk_size,
}
