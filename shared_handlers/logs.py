"""What a server writes about itself: JSON lines, on standard error or in a file."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any, BinaryIO, Literal

import orjson

Level = Literal["debug", "info", "warning", "error"]
_RANK = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class Log:
    """A stream of JSON objects, one a line; a full disk or a closed pipe never reaches a request."""

    __slots__ = ("_access", "_owned", "_rank", "_stream")

    def __init__(self, level: Level = "info", file: Path | None = None) -> None:
        self._rank = _RANK[level]
        self._access = self._rank <= _RANK["info"]
        # Unbuffered: a line is one write, so lines of a killed process are not lost or torn.
        self._stream: BinaryIO = open(file, "ab", buffering=0) if file else _standard_error()  # noqa: SIM115
        self._owned = file is not None

    def access(self, line: bytes) -> None:
        """An access record, already encoded; these are of level `info`."""
        if self._access:
            self._write(line)

    def event(self, level: Level, message: str, **fields: Any) -> None:
        """Something that happened to the server itself."""
        if _RANK[level] >= self._rank:
            self._write(_line({"time": time.time(), "event": level, "message": message, **fields}))

    def failure(self, message: str, error: BaseException, **fields: Any) -> None:
        """An exception nobody foresaw, with its traceback."""
        self.event("error", message, traceback="".join(traceback.format_exception(error)), **fields)

    def close(self) -> None:
        """Close the file, if there is one; what is written afterwards is lost."""
        if self._owned:
            self._stream.close()

    def _write(self, line: bytes) -> None:
        try:
            self._stream.write(line + b"\n")
            self._stream.flush()
        except (OSError, ValueError):
            pass


def _standard_error() -> BinaryIO:
    """Of a process that was started with it closed, nothing is kept."""
    return open(os.devnull, "wb", buffering=0) if sys.stderr is None else sys.stderr.buffer


def _line(record: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(record, default=str)
    except TypeError:
        # Text from the network may hold lone surrogates, which only escaped JSON can show.
        return json.dumps(record, default=str).encode()
