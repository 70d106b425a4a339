"""How content is read, one reader for each framing (RFC 9112 section 6); each gives Data, End, or None for "not yet"."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from shared_handlers.errors import HTTPError
from shared_handlers.http1.head import check_fields_part, field_lines
from shared_handlers.http1.receive_buffer import ReceiveBuffer


class Data(NamedTuple):
    """A piece of content, of whatever size arrived."""

    piece: bytes


class End(NamedTuple):
    """The content is whole."""


END = End()


class Reader(Protocol):
    """Takes from the buffer what belongs to one message."""

    def __call__(self, buffer: ReceiveBuffer) -> Data | End | None: ...


class SizedReader:
    """Content of a known length (RFC 9112 section 6.2)."""

    __slots__ = ("remaining",)

    def __init__(self, length: int) -> None:
        self.remaining = length

    def __call__(self, buffer: ReceiveBuffer) -> Data | End | None:
        if not self.remaining:
            return END
        piece = buffer.take(self.remaining)
        self.remaining -= len(piece)
        return Data(piece) if piece else None


# RFC 9112 section 7.1; whitespace around an extension is refused, as it is by the other server's parser.
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED = rb'"(?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"'
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]+)((?:;" + _TOKEN + rb"(?:=(?:" + _TOKEN + rb"|" + _QUOTED + rb"))?)*)")
_UNFINISHED_CHUNK_LINE = re.compile(rb"[0-9A-Fa-f]*\r?|[0-9A-Fa-f]+;[\t\x20-\x7e\x80-\xff]*\r?")
_MAX_EXTENSIONS = 1 << 16
"""In bytes, for all the extensions of one message (CVE-2023-39326)."""
_MAX_DIGITS = 1 << 12
"""Of a chunk's size, for zeros may stand before it."""
_MAX_CHUNK = 2**64 - 1
_MALFORMED = "A chunk is malformed."


class ChunkedReader:
    """Content in chunks (RFC 9112 section 7.1); extensions are ignored and trailers dropped, both within limits."""

    __slots__ = ("_extensions", "_max_fields", "_max_head", "_remaining", "_step")

    def __init__(self, max_head: int, max_fields: int) -> None:
        self._max_head = max_head
        self._max_fields = max_fields
        self._remaining = 0
        self._extensions = 0
        self._step = self._size

    def __call__(self, buffer: ReceiveBuffer) -> Data | End | None:
        return self._step(buffer)

    def _size(self, buffer: ReceiveBuffer) -> Data | End | None:
        longest = _MAX_DIGITS + _MAX_EXTENSIONS - self._extensions + len(b"\r\n")
        line = buffer.through(b"\r\n", longest)
        if line is None:
            part = buffer.peek(longest)
            if len(part) == longest or _UNFINISHED_CHUNK_LINE.fullmatch(part) is None:
                raise HTTPError(400, _MALFORMED)
            return None
        self._remaining = self._size_of(line)
        self._step = self._data if self._remaining else self._trailers
        return self._step(buffer)

    def _size_of(self, line: bytes) -> int:
        match = _CHUNK_LINE.fullmatch(line)
        if match is None or len(match[1]) > _MAX_DIGITS:
            raise HTTPError(400, _MALFORMED)
        self._extensions += len(match[2])
        size = int(match[1], 16)
        if size > _MAX_CHUNK or self._extensions > _MAX_EXTENSIONS:
            raise HTTPError(400, _MALFORMED)
        return size

    def _data(self, buffer: ReceiveBuffer) -> Data | End | None:
        piece = buffer.take(self._remaining)
        self._remaining -= len(piece)
        if not self._remaining:
            self._step = self._data_end
        return Data(piece) if piece else None

    def _data_end(self, buffer: ReceiveBuffer) -> Data | End | None:
        mark = buffer.peek(2)
        if not b"\r\n".startswith(mark):
            raise HTTPError(400, _MALFORMED)
        if len(mark) < 2:
            return None
        buffer.take(2)
        self._step = self._size
        return self._size(buffer)

    def _trailers(self, buffer: ReceiveBuffer) -> Data | End | None:
        """The trailer section (RFC 9112 section 7.1.2): checked as fields are, then dropped, never merged."""
        if buffer.peek(2) == b"\r\n":
            buffer.take(2)
            return END
        block = buffer.through(b"\r\n\r\n", self._max_head)
        if block is not None:
            self._check_trailers(block.split(b"\r\n"))
            return END
        part = buffer.peek(self._max_head).split(b"\r\n")
        self._check_trailers(part[:-1], part)
        if len(buffer) >= self._max_head:
            raise HTTPError(431, "The trailer section is too long.")
        return None

    def _check_trailers(self, lines: list[bytes], part: list[bytes] | None = None) -> None:
        """`part` are the lines with what has arrived of the next one, where they are not all."""
        try:
            if part is not None:
                check_fields_part(part, self._max_fields)
            _, noted = field_lines(lines, self._max_fields)
        except HTTPError as error:
            raise HTTPError(400, _MALFORMED) if error.status == 400 else error from None
        if not noted.isdisjoint(_NOT_IN_TRAILERS):
            raise HTTPError(400, _MALFORMED)


_NOT_IN_TRAILERS = {"content-length", "transfer-encoding"}


def reader_of(length: int | None, max_head: int, max_fields: int) -> Reader:
    """The reader of content of `length` bytes, or of chunks where that is None; the limits are those of trailers."""
    return ChunkedReader(max_head, max_fields) if length is None else SizedReader(length)
