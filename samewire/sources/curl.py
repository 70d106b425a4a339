"""Command lines of curl, one or many in a file, as documentation has them and as browsers copy them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from samewire.sources.curl_options import Unsupported, parsed
from samewire.sources.curl_request import requests
from samewire.sources.origin import OneOrigin
from samewire.sources.requests import place
from samewire.sources.shell import Command, commands
from samewire.sources.source import Item, Reading
from samewire.traffic import Skipped

SUFFIXES = (".curl", ".sh")
LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a file that a command names with `@`."""


def looks(head: bytes) -> bool:
    """Whether one of the first lines begins a curl command."""
    return any(line.lstrip(b"$ \t").startswith(b"curl ") for line in head.splitlines()[:50])


def read(reading: Reading) -> Iterator[Item]:
    """A record for each URL of each command, in one session; other commands of a script are skipped."""
    origin = OneOrigin(reading)
    for number, command in enumerate(commands(_text(reading)), 1):
        try:
            yield from _items(reading, reading.id(number), command, origin)
        except Unsupported as reason:
            yield Skipped(reading.id(number), str(reason))


def _text(reading: Reading) -> Iterator[str]:
    """Lines with their ends; the prompt that documentation puts before a command is taken off."""
    for line in reading.input.lines():
        yield line.data.decode("utf-8", "surrogateescape").removeprefix("$ ") + "\n"


def _items(reading: Reading, id: str, command: Command, origin: OneOrigin) -> Iterator[Item]:
    if command.fault:
        raise Unsupported(command.fault)
    if Path(command.words[0]).name != "curl":
        raise Unsupported("not a curl command")
    made = list(requests(parsed(command.words[1:]), lambda name: _beside(reading, name)))
    for number, (url, request) in enumerate(made, 1):
        own = id if len(made) == 1 else f"{id}.{number}"
        where = place(url)
        if isinstance(where, str):
            yield Skipped(own, where)
        else:
            yield origin.only(request.record(own, where, reading.name), where)


def _beside(reading: Reading, name: str) -> bytes:
    """A file that a command names: only what lies in the source's own folder is read and sent. Raises Unsupported."""
    folder = Path() if reading.input.path is None else reading.input.path.parent
    path = (folder / name).resolve()
    if name == "-" or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Unsupported("its content is in a file that is not in this folder")
    if path.stat().st_size > LARGEST_FILE:
        raise Unsupported("its content is in a file that is too large")
    return path.read_bytes()
