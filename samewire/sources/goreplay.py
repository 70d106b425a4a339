"""Files of GoReplay (`.gor`): captured requests, with their answers where those were captured, too."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from samewire.sources.inputs import HEAD
from samewire.sources.message import answer, request
from samewire.sources.source import Item, Reading
from samewire.traffic import Record, RecordedAnswer, Skipped

SUFFIXES = (".gor",)
LARGEST = 64 * 1024 * 1024
"""Bytes of one payload."""
WINDOW = 512
"""How many requests wait for their answers at a time; the answer to an older one is not used."""
_SEPARATOR = "\n🐵🙈🙉\n".encode()
_HEADER = re.compile(rb"([123]) ([0-9A-Za-z]{1,128}) -?[0-9]{1,20}(?: -?[0-9]{1,20})?")
_REQUEST, _ANSWER, _REPLAYED = b"1", b"2", b"3"


class _Payload(NamedTuple):
    kind: bytes
    """`1` a request, `2` the answer to it, `3` the answer of the server it was replayed to."""
    id: bytes
    """The same for a request and its answers."""
    data: bytes


def looks(head: bytes) -> bool:
    """Whether it begins with the header of a payload."""
    return _HEADER.fullmatch(head.lstrip(b"\n").partition(b"\n")[0].rstrip(b"\r")) is not None


def read(reading: Reading) -> Iterator[Item]:
    """A record a request, in the order of the capture; answers, and what was replayed, are no records of their own."""
    waiting: OrderedDict[bytes, Item] = OrderedDict()
    number = 0
    for block in _blocks(reading):
        payload = _payload(block)
        if payload is not None and payload.kind != _REQUEST:
            _answered(waiting, payload)
        else:
            number += 1
            key = payload.id if payload and payload.id not in waiting else b"#%d" % number
            waiting[key] = _item(reading.id(number), payload)
        yield from _settled(waiting)
    yield from waiting.values()


def _item(id: str, payload: _Payload | None) -> Item:
    return request(id, payload.data) if payload else Skipped(id, "not a payload of GoReplay")


def _answered(waiting: OrderedDict[bytes, Item], payload: _Payload) -> None:
    asked = waiting.get(payload.id)
    if payload.kind == _ANSWER and isinstance(asked, Record) and asked.answer is None:
        found = answer(payload.data, asked.method)
        waiting[payload.id] = asked._replace(answer=found or RecordedAnswer(0))


def _settled(waiting: OrderedDict[bytes, Item]) -> Iterator[Item]:
    """Takes out the first ones while they need not wait, or more wait than may."""
    while waiting:
        first = next(iter(waiting.values()))
        if isinstance(first, Record) and first.answer is None and len(waiting) <= WINDOW:
            return
        yield waiting.popitem(last=False)[1]


def _payload(block: bytes) -> _Payload | None:
    line, _, data = block.lstrip(b"\r\n").partition(b"\n")
    header = _HEADER.fullmatch(line.rstrip(b"\r"))
    return _Payload(header[1], header[2], data) if header else None


def _blocks(reading: Reading) -> Iterator[bytes]:
    """What stands between separators; raises SourceError at one that is too large."""
    with reading.input.open() as file:
        rest = bytearray()
        for data in _pieces(file):
            start = max(0, len(rest) - len(_SEPARATOR))
            rest += data
            while (end := rest.find(_SEPARATOR, start)) >= 0:
                yield bytes(rest[:end])
                del rest[: end + len(_SEPARATOR)]
                start = 0
            if len(rest) > LARGEST:
                raise reading.error(f"a payload is larger than {LARGEST >> 20} MiB; take it out")
        if rest.strip():
            yield bytes(rest)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(HEAD), b"")
