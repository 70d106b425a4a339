"""Every format there is, and how a source's format is told: by its name, then by a look at its beginning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from parity.sources import access_log, har
from parity.sources.inputs import Input
from parity.sources.source import Adapter, Options, Reading, Source, SourceError


class Format(NamedTuple):
    """One format of requests."""

    name: str
    suffixes: tuple[str, ...]
    """What names of its files end with."""
    looks: Callable[[bytes], bool]
    """Whether a file that begins with these bytes may be of it."""
    read: Adapter


FORMATS = (
    Format("har", har.SUFFIXES, har.looks, har.read),
    Format("access-log", access_log.SUFFIXES, access_log.looks, access_log.read),
)
NAMES = tuple(format.name for format in FORMATS)


def open_source(spec: str | Path, format: str | None = None, options: Options = Options()) -> Source:  # noqa: B008
    """The source at a path, or `-` for standard input; nothing but its beginning is read until it is iterated.

    Raises SourceError when there is no such file, no such format, or when its format can't be told.
    """
    found = Input(spec)
    try:
        chosen = _named(format) if format else _told(found)
        if format and found.path is not None:
            found.path.stat()
    except OSError as error:
        raise SourceError(
            f"{found}: {error.strerror or error}; name a file, a folder, or - for standard input"
        ) from None
    return Source(chosen.name, Reading(found, options), chosen.read)


def _named(name: str) -> Format:
    for format in FORMATS:
        if format.name == name:
            return format
    raise SourceError(f"there is no format {name!r}; there are: {', '.join(NAMES)}")


def _told(found: Input) -> Format:
    """By the name where it says all; else of those that the name allows, or of all, the one that it looks like."""
    named = [format for format in FORMATS if _fits(found.path, format.suffixes)]
    if len(named) == 1 and found.path is not None and found.path.exists():
        return named[0]
    head = found.head()
    for formats in (named, FORMATS):
        looking = [format for format in formats if format.looks(head)]
        if looking:
            return _only(found, looking)
    raise SourceError(f"{found}: its format can't be told; name it with --format: {', '.join(NAMES)}")


def _only(found: Input, looking: list[Format]) -> Format:
    if len(looking) > 1:
        names = ", ".join(format.name for format in looking)
        raise SourceError(f"{found}: its format may be any of these; name one with --format: {names}")
    return looking[0]


def _fits(path: Path | None, suffixes: Iterable[str]) -> bool:
    """Whether the name ends so; what compression and rotation add to it (`access.log.2.gz`) is not looked at."""
    if path is None:
        return False
    name = re.sub(r"(?:[.-]\d+)+$", "", path.name.lower().removesuffix(".gz"))
    return name.endswith(tuple(suffixes))
