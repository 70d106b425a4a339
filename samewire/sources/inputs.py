"""Where the bytes of a source come from: a file, a folder, or standard input; gzip'd or not."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

STANDARD_INPUT = "-"
HEAD = 64 * 1024
"""Bytes that are looked at to tell a format."""
LONGEST_LINE = 16 * 1024 * 1024
_GZIP = b"\x1f\x8b"


class Line(NamedTuple):
    """One line of an input, without its end."""

    number: int
    data: bytes
    too_long: bool = False
    """More than can be kept; `data` is its beginning."""


class Input:
    """A file, a folder or standard input, by its path or `-`."""

    def __init__(self, spec: str | Path) -> None:
        self.path = None if spec == STANDARD_INPUT else Path(spec)
        self.name = "stdin" if self.path is None else self.path.resolve().name
        """Short, for the ids of records."""
        self._standard: BufferedReader | None = None

    def __str__(self) -> str:
        return "standard input" if self.path is None else str(self.path)

    def head(self) -> bytes:
        """The first bytes, out of their gzip; nothing is lost of standard input. Raises OSError."""
        if self.path is None:
            return _unzipped(self._stdin().peek(HEAD)[:HEAD])
        with self.path.open("rb") as file:
            return _unzipped(file.read(HEAD))

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes, out of their gzip if they are in it. Raises OSError."""
        if self.path is None:
            yield cast("BinaryIO", _reader(self._stdin()))
            return
        with self.path.open("rb", buffering=HEAD) as file, _reader(cast("BufferedReader", file)) as reader:
            yield cast("BinaryIO", reader)

    def lines(self) -> Iterator[Line]:
        """Its lines, without CR and LF, counted from 1; an endless line takes no more memory than a long one."""
        with self.open() as file:
            for number, data in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
                whole = len(data) < LONGEST_LINE or data.endswith(b"\n")
                if not whole:
                    _skip_line(file)
                yield Line(number, data.rstrip(b"\r\n"), too_long=not whole)

    def _stdin(self) -> BufferedReader:
        if self._standard is None:
            self._standard = BufferedReader(cast("BufferedReader", sys.stdin.buffer), HEAD)
        return self._standard


def _reader(file: BufferedReader) -> BufferedReader | gzip.GzipFile:
    return gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == _GZIP else file


def _unzipped(data: bytes) -> bytes:
    if data[:2] == _GZIP:
        with suppress(zlib.error):
            return zlib.decompressobj(wbits=31).decompress(data, HEAD)
    return data


def _skip_line(file: BinaryIO) -> None:
    for piece in iter(lambda: file.readline(HEAD), b""):
        if piece.endswith(b"\n"):
            return
