"""Puts an accepted difference into a configuration and leaves every other byte of it as it is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from samewire.accept.entry import Entry
from samewire.config import ConfigError

_IDENTITY = ("place", "cases", "old", "new", "old_matches", "new_matches")
"""Entries alike in these excuse the same; the rest says why and how long."""


def written(made: Entry) -> str:
    """The entry as it stands in a file."""
    tables = tomlkit.aot()
    tables.append(_table(made))
    document = tomlkit.document()
    document["accepted"] = tables
    return document.as_string()


def with_entry(text: str, made: Entry) -> str:
    """The configuration with the entry, in the place of the one that excuses the same if there is one. Raises ConfigError."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ConfigError(f"not TOML: {error}") from None
    known = document.get("accepted")
    if known is None:
        begun = text if text.endswith("\n") or not text else f"{text}\n"
        return f"{begun}\n{written(made)}" if begun.strip() else written(made)
    same = next((entry for entry in known if _identity(entry) == _identity(made)), None)
    if same is not None:
        _renew(same, made)
    elif isinstance(known, AoT):
        _append(known, made)
    else:
        known.append(made)
    whole = document.as_string()
    return f"{whole.rstrip()}\n" if whole.endswith("\n\n") and not text.endswith("\n\n") else whole


def replace_file(path: Path, text: str) -> None:
    """At once or not at all, with the file's mode; a link stays one. Raises OSError."""
    whole = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{whole.name}.", dir=whole.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(name, whole.stat().st_mode & 0o7777)
        os.replace(name, whole)
    except BaseException:
        os.unlink(name)
        raise


def _renew(entry: Any, made: Entry) -> None:
    """Why, whom to ask and how long: the rest is the same."""
    for key in ("reason", "owner", "until"):
        if entry.get(key) != made[key]:
            entry[key] = made[key]


def _append(known: AoT, made: Entry) -> None:
    """After the last one, with an empty line on either side."""
    last = known[-1]
    if not last.as_string().endswith("\n\n"):
        last.add(tomlkit.nl())
    table = _table(made)
    table.add(tomlkit.nl())
    known.append(table)


def _table(made: Entry) -> Table:
    table = tomlkit.table()
    for key, value in made.items():
        table.add(key, value)
    return table


def _identity(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """As plain values: a list of one case is that case."""
    found = {key: entry.get(key) for key in _IDENTITY}
    cases = found["cases"]
    found["cases"] = ("*",) if cases is None else (cases,) if isinstance(cases, str) else tuple(cases)
    return tuple(found.values())
