"""WebSocket frames (RFC 6455 section 5): the client's written as a case wants them, the server's read as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from samewire.exchange import Kind, Message
from samewire.wire.faults import Faults

_CONTINUATION, _CLOSE = 0x0, 0x8
_OPCODES = {Kind.TEXT: 0x1, Kind.BINARY: 0x2, Kind.CLOSE: _CLOSE, Kind.PING: 0x9, Kind.PONG: 0xA}
_KINDS = {opcode: kind for kind, opcode in _OPCODES.items()}
_KEY = bytes.fromhex("37fa213d")
"""The masking key of the RFC's own example. It need not be a secret here, and what is sent stays the same in each run."""
_CONTROL_MOST = 125
_MOST = 64 * 1024 * 1024
"""Bytes of a message that are kept."""


def message(kind: Kind, payload: bytes, fragments: int = 1) -> bytes:
    """The masked frames of one message, cut into so many fragments of about the same length."""
    step = -(-len(payload) // fragments) or 1
    pieces = [payload[at : at + step] for at in range(0, step * fragments, step)]
    last = len(pieces) - 1
    opcodes = [_OPCODES[kind], *[_CONTINUATION] * last]
    return b"".join(
        frame(opcode, piece, final=at == last) for at, (opcode, piece) in enumerate(zip(opcodes, pieces, strict=True))
    )


def frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """One masked frame, its length in the shortest of the three forms."""
    first = (0x80 if final else 0) | opcode
    size = len(payload)
    if size <= _CONTROL_MOST:
        head = bytes((first, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + _KEY + masked(payload, _KEY)


def masked(payload: bytes, key: bytes) -> bytes:
    """The payload under a four-byte key, which also takes it off (RFC 6455 section 5.3)."""
    size = len(payload)
    stream = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")


class Frames:
    """The server's messages out of bytes that come in pieces; what breaks the RFC is a fault of the message it is in."""

    __slots__ = ("_buffer", "_faults", "_kind", "_parts", "broken")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._faults = Faults()
        self._kind: Kind | None = None
        self._parts = bytearray()
        self.broken = False
        """Whether what comes can't be read any further: a frame or message too large to keep."""

    def feed(self, data: bytes, at: float) -> list[Message]:
        """The messages and control frames that are whole with these bytes."""
        self._buffer += data
        return [found for each in self._frames() if (found := self._take(each, at)) is not None]

    @property
    def surplus(self) -> bytes:
        """The beginning of a frame that is not whole."""
        return bytes(self._buffer)

    def _frames(self) -> Iterator[_Frame]:
        while not self.broken and (head := _head(self._buffer)) is not None:
            if head.size + len(self._parts) > _MOST:
                self.broken = True
                return
            end = head.start + head.size
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[head.start : end])
            del self._buffer[:end]
            yield _Frame(head, masked(payload, head.key) if head.key else payload)

    def _take(self, each: _Frame, at: float) -> Message | None:
        head = each.head
        self._check(head)
        if head.opcode >= _CLOSE:
            return self._control(each, at)
        if head.opcode != _CONTINUATION:
            self._begin(head.opcode)
        elif self._kind is None:
            self._faults.add("a continuation frame stands where no message has begun")
        self._parts += each.payload
        return self._whole(at) if head.final else None

    def _check(self, head: _Head) -> None:
        if head.key:
            self._faults.add("a frame of the server is masked")
        if head.reserved:
            self._faults.add(f"reserved bits {head.reserved:03b} are set")
        if not head.shortest:
            self._faults.add("a length is not in its shortest form")
        if head.opcode not in _KINDS and head.opcode != _CONTINUATION:
            self._faults.add(f"opcode {head.opcode:#x} is reserved")

    def _control(self, each: _Frame, at: float) -> Message:
        if not each.head.final:
            self._faults.add("a control frame is fragmented")
        if each.head.size > _CONTROL_MOST:
            self._faults.add(f"a control frame has {each.head.size} bytes, more than {_CONTROL_MOST}")
        kind = _KINDS.get(each.head.opcode, Kind.BINARY)
        if kind is not Kind.CLOSE:
            return Message(kind, each.payload, at=at, faults=self._faults_so_far())
        if len(each.payload) == 1:
            self._faults.add("a close frame has half a code")
        code = int.from_bytes(each.payload[:2], "big") if len(each.payload) > 1 else None
        return Message(kind, self._text(each.payload[2:]), code, at, self._faults_so_far())

    def _begin(self, opcode: int) -> None:
        if self._kind is not None:
            self._faults.add("a new message begins inside a fragmented one")
        self._kind = _KINDS.get(opcode, Kind.BINARY)
        self._parts.clear()

    def _whole(self, at: float) -> Message:
        kind, data = self._kind or Kind.BINARY, bytes(self._parts)
        self._kind = None
        self._parts.clear()
        return Message(kind, self._text(data) if kind is Kind.TEXT else data, at=at, faults=self._faults_so_far())

    def _text(self, data: bytes) -> bytes:
        try:
            data.decode()
        except UnicodeDecodeError:
            self._faults.add("a text is not UTF-8")
        return data

    def _faults_so_far(self) -> tuple[str, ...]:
        found, self._faults = self._faults.all(), Faults()
        return found


class _Head(NamedTuple):
    opcode: int
    final: bool
    reserved: int
    key: bytes
    size: int
    start: int
    """Where the payload begins."""
    shortest: bool


class _Frame(NamedTuple):
    head: _Head
    payload: bytes


_LENGTHS: Sequence[tuple[int, int, int]] = ((126, 2, 126), (127, 8, 1 << 16))
"""Of each longer form of a length: its mark, its bytes, the least it is for."""


def _head(buffer: bytearray) -> _Head | None:
    """The frame head at the beginning of `buffer`; None while a part of it is missing."""
    if len(buffer) < 2:
        return None
    first, second = buffer[0], buffer[1]
    size, start, least = second & 0x7F, 2, 0
    for mark, width, smallest in _LENGTHS:
        if second & 0x7F == mark:
            size, start, least = int.from_bytes(buffer[2 : 2 + width], "big"), 2 + width, smallest
    key = bytes(buffer[start : start + 4]) if second & 0x80 else b""
    start += 4 if second & 0x80 else 0
    if len(buffer) < start:
        return None
    return _Head(first & 0x0F, bool(first & 0x80), first >> 4 & 0x7, key, size, start, size >= least)
