"""A client's connection without a socket: pieces go in, turns of the loop pass, and what was answered is there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3}) [^\r\n]*\r\n")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)\r\n")
_QUIET = 25
"""Turns of the loop without a word after which no more will be said: nothing here waits for a clock."""


class Answer(NamedTuple):
    """One final answer."""

    status: int
    content: bytes


class Memory(asyncio.Transport):
    """What a server writes, and whether it has closed."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.written = bytearray()
        self.closed = False
        self._protocol = protocol
        protocol.connection_made(self)

    def write(self, data: Any) -> None:
        if not self.closed:
            self.written += data

    def writelines(self, pieces: Iterable[Any]) -> None:
        for piece in pieces:
            self.write(piece)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        self.close()

    def is_closing(self) -> bool:
        return self.closed

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        return

    def pause_reading(self) -> None:
        return

    def resume_reading(self) -> None:
        return

    def get_write_buffer_size(self) -> int:
        return 0

    async def send(self, pieces: Sequence[bytes], turns: Sequence[int]) -> None:
        """Each piece, and so many turns of the loop after it; then no more comes."""
        loop = asyncio.get_running_loop()
        for piece, count in zip(pieces, turns, strict=True):
            # As from a selector, and not from within a task, to which a server could mistake itself for belonging.
            loop.call_soon(self._arrive, piece)
            await _pass(count)
        await self._quiet()
        loop.call_soon(self._end)
        await self._quiet()

    async def _quiet(self) -> None:
        before = -1
        while before != len(self.written):
            before = len(self.written)
            await _pass(_QUIET)

    def _arrive(self, piece: bytes) -> None:
        if not self.closed:
            self._protocol.data_received(piece)

    def _end(self) -> None:
        if not self.closed and not self._protocol.eof_received():
            self.close()


async def _pass(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


def answers(written: bytes, methods: Sequence[str]) -> Iterator[Answer]:
    """The final answers in what was written, the nth of them to the nth of `methods`; ValueError when it is none."""
    at, asked = 0, iter(methods)
    while at < len(written):
        line = _STATUS_LINE.match(written, at)
        end = written.find(b"\r\n\r\n", at) + 4
        if line is None or end < 4:
            raise ValueError(f"no answer: {written[at : at + 60]!r}")
        status, length = int(line[1]), _LENGTH.search(written, at, end)
        at = end
        if status < 200 and status != 101:
            continue
        size = 0 if length is None or next(asked, "") == "HEAD" or status == 101 else int(length[1])
        if length is None:
            next(asked, "")
        yield Answer(status, written[at : at + size])
        if status == 101:
            return
        at += size
