"""HTTP Archives (HAR 1.2), as browsers and proxies export them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from samewire.sources.har_entry import record_of
from samewire.sources.origin import OneOrigin
from samewire.sources.requests import place
from samewire.sources.source import Item, Reading
from samewire.traffic import Skipped

SUFFIXES = (".har", ".json")
LARGEST_ENTRY = 64 * 1024 * 1024
"""Bytes of one entry with its answer's content; a larger one ends the reading."""


def looks(head: bytes) -> bool:
    """Whether it is JSON that begins with a member `log`."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"log"' in head[:200]


def read(reading: Reading) -> Iterator[Item]:
    """A record an entry, in the archive's order.

    One recording of a browser is one session: what a page made is used by the next. Entries of a proxy, which belong
    to no page, are told apart by their connection.
    """
    origin = OneOrigin(reading)
    for number, entry in enumerate(_entries(reading), 1):
        yield _item(reading, reading.id(number), entry, origin)


def _item(reading: Reading, id: str, entry: Any, origin: OneOrigin) -> Item:
    request = entry.get("request") if isinstance(entry, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(request.get("url"), str):
        return Skipped(id, "not an entry of HAR: it has no request with a URL")
    where = place(request["url"])
    if isinstance(where, str):
        return Skipped(id, where)
    return origin.only(record_of(id, entry, where, reading.name), where)


def _entries(reading: Reading) -> Iterator[Any]:
    """Each member of `log.entries`, one in memory at a time."""
    import ijson

    with reading.input.open() as file:
        metered = _Metered(file, reading)
        try:
            for entry in ijson.items(metered, "log.entries.item"):
                metered.left = LARGEST_ENTRY
                yield entry
        except (ijson.JSONError, UnicodeDecodeError, ValueError, RecursionError) as error:
            raise reading.error(f"not a HAR file, or cut off: {_short(error)}; export it again") from None
        if not metered.found_any:
            raise reading.error("it is empty; export it again")


class _Metered:
    """A file that gives no more than `left` bytes, so that one entry can't take all memory."""

    def __init__(self, file: BinaryIO, reading: Reading) -> None:
        self.left = LARGEST_ENTRY
        self.found_any = False
        self._file = file
        self._reading = reading
        self._start = True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size if size >= 0 else self.left + 1)
        self.found_any = self.found_any or bool(data)
        self.left -= len(data)
        if self.left < 0:
            raise self._reading.error(f"an entry is larger than {LARGEST_ENTRY >> 20} MiB; take it out")
        if self._start and data:
            self._start = False
            return data.removeprefix(b"\xef\xbb\xbf")
        return data


def _short(error: Exception) -> str:
    return json.dumps(str(error).splitlines()[0][:100]) if str(error) else type(error).__name__
