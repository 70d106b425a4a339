"""Raw requests: a folder of `.http` and `.raw` files, each sent as it is, or JSON Lines that hold them."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samewire.ascii import lower
from samewire.sources.inputs import Line
from samewire.sources.source import Item, Reading
from samewire.traffic import Record, Skipped

SUFFIXES = (".http", ".raw")
LINES_SUFFIXES = (".jsonl", ".ndjson")
LARGEST = 16 * 1024 * 1024
"""Bytes of one request."""
_TOO_LARGE = "larger than a request may be here"
_LONGEST_ID = 100


def holds(folder: Path) -> bool:
    """Whether a folder has such files, at any depth."""
    return any(_is_raw(path) for path in folder.rglob("*"))


def looks(head: bytes) -> bool:
    """Whether it begins like a request of HTTP/1: `METHOD target HTTP/1.x`."""
    words = head.partition(b"\n")[0].split(b" ")
    return len(words) == 3 and words[2].startswith(b"HTTP/1.") and words[0].isalpha()


def looks_like_lines(head: bytes) -> bool:
    """Whether its first line is an object with `raw` or `base64`."""
    line = head.lstrip().partition(b"\n")[0]
    return line.startswith(b"{") and (b'"raw"' in line or b'"base64"' in line)


def read(reading: Reading) -> Iterator[Item]:
    """A record a file, by their paths' order; of standard input, or of one file, one record."""
    path = reading.input.path
    if path is None or not path.is_dir():
        with reading.input.open() as file:
            yield _whole(reading.id(1), file.read(LARGEST + 1))
        return
    for file_path in sorted(found for found in path.rglob("*") if _is_raw(found)):
        with file_path.open("rb") as file:
            yield _whole(f"{reading.name}/{file_path.relative_to(path)}", file.read(LARGEST + 1))


def read_lines(reading: Reading) -> Iterator[Item]:
    """A record a line: `{"id"?, "raw" | "base64", "answers_head"?}`; `raw` is text with one character a byte."""
    for line in reading.input.lines():
        if line.data.strip():
            yield _of_line(reading.id(line.number), line)


def _is_raw(path: Path) -> bool:
    return lower(path.suffix) in SUFFIXES and path.is_file()


def _whole(id: str, data: bytes) -> Item:
    if len(data) > LARGEST:
        return Skipped(id, _TOO_LARGE)
    if not data:
        return Skipped(id, "it is empty")
    if b"\r" not in data and b"\n###" in b"\n" + data:
        return Skipped(id, "a script of an editor's HTTP client, not the bytes of one request")
    return _record(id, data, head=data.startswith(b"HEAD "))


def _of_line(id: str, line: Line) -> Item:
    if line.too_long:
        return Skipped(id, _TOO_LARGE)
    try:
        given = json.loads(line.data)
        data = _bytes(given)
    except (ValueError, RecursionError):
        return Skipped(id, 'not an object with "raw", or with "base64" that is base64')
    if not data:
        return Skipped(id, "it is empty")
    own = given.get("id")
    named = isinstance(own, str) and own.isprintable() and 0 < len(own) <= _LONGEST_ID
    return _record(own if named else id, data, head=given.get("answers_head", data.startswith(b"HEAD ")) is True)


def _bytes(given: Any) -> bytes:
    """ValueError for what is none."""
    if not isinstance(given, dict):
        raise ValueError("not an object")
    raw, coded = given.get("raw"), given.get("base64")
    if isinstance(raw, str) and coded is None:
        return raw.encode("latin-1")
    if isinstance(coded, str) and raw is None:
        return b64decode(coded, validate=True)
    raise ValueError("neither raw nor base64, or both")


def _record(id: str, data: bytes, *, head: bool) -> Record:
    return Record(id, raw=data, answers_head=head)
