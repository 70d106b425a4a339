"""Every format there is, and how a source's format is told: by its name, then by a look at its beginning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from samewire.ascii import lower
from samewire.sources import access_log, curl, goreplay, har, openapi, own_cases, raw
from samewire.sources.inputs import Input
from samewire.sources.source import Adapter, Options, Reading, Source, SourceError


class Format(NamedTuple):
    """One format of requests."""

    name: str
    suffixes: tuple[str, ...]
    """What names of its files end with."""
    looks: Callable[[bytes], bool]
    """Whether a file that begins with these bytes may be of it."""
    read: Adapter
    holds: Callable[[Path], bool] | None = None
    """Whether a folder holds files of it; None: a folder never does."""


FORMATS = (
    Format("har", har.SUFFIXES, har.looks, har.read),
    Format("access-log", access_log.SUFFIXES, access_log.looks, access_log.read),
    Format("goreplay", goreplay.SUFFIXES, goreplay.looks, goreplay.read),
    Format("curl", curl.SUFFIXES, curl.looks, curl.read),
    Format("openapi", openapi.SUFFIXES, openapi.looks, openapi.read),
    Format("raw", raw.SUFFIXES, raw.looks, raw.read, raw.holds),
    Format("jsonl", raw.LINES_SUFFIXES, raw.looks_like_lines, raw.read_lines),
    Format("cases", own_cases.SUFFIXES, own_cases.looks, own_cases.read, own_cases.holds),
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
    if format is None and chosen.read is own_cases.read and found.path and (script := own_cases.python(found.path)):
        raise SourceError(f"{script}: is Python, and reading its cases runs it; if you trust it, say --format cases")
    return Source(chosen.name, Reading(found, options), chosen.read)


def _named(name: str) -> Format:
    for format in FORMATS:
        if format.name == name:
            return format
    raise SourceError(f"there is no format {name!r}; there are: {', '.join(NAMES)}")


def _told(found: Input) -> Format:
    """By the name where it says all; else of those that the name allows, or of all, the one that it looks like."""
    if found.path is not None and found.path.is_dir():
        return _only(found, [format for format in FORMATS if format.holds and format.holds(found.path)])
    head = found.head()
    named = [format for format in FORMATS if _fits(found.path, format.suffixes)]
    if len(named) == 1:
        return named[0]
    return _only(found, [f for f in named if f.looks(head)] or [f for f in FORMATS if f.looks(head)])


def _only(found: Input, possible: list[Format]) -> Format:
    if not possible:
        raise SourceError(f"{found}: its format can't be told; name it with --format: {', '.join(NAMES)}")
    if len(possible) > 1:
        names = ", ".join(format.name for format in possible)
        raise SourceError(f"{found}: its format may be any of these; name one with --format: {names}")
    return possible[0]


def _fits(path: Path | None, suffixes: Iterable[str]) -> bool:
    """Whether the name ends so; what compression and rotation add to it (`access.log.2.gz`) is not looked at."""
    if path is None:
        return False
    name = re.sub(r"(?:[.-]\d+)+$", "", lower(path.name).removesuffix(".gz"), flags=re.ASCII)
    return name.endswith(tuple(suffixes))
