"""What a user wants compared: two servers and where the requests come from, checked before anything is done."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from samewire.ascii import strip
from samewire.commands import UsageError
from samewire.compare import redact
from samewire.config import Config
from samewire.sources import Source, open_source

OLD, NEW = "old", "new"


@dataclass(frozen=True, slots=True)
class Server:
    """One side: the place where it runs, or the command that starts it."""

    url: str = ""
    command: tuple[str, ...] = ()

    @classmethod
    def of(cls, side: str, given: str) -> Server:
        """`https://HOST[:PORT]`, or a command line. Raises UsageError."""
        if "://" in given and not strip(given).count(" "):
            if "@" in urlsplit(given).netloc:
                raise UsageError(
                    f"--{side}: the URL has credentials in it, which would be written to samewire.toml: leave them out "
                    f'and add to [targets.{side}]: headers_env = {{ Authorization = "VARIABLE" }}'
                )
            return cls(url=strip(given))
        return cls(command=_words(side, given))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Two servers, the sources, and the folder that everything is written to."""

    old: Server
    new: Server
    sources: tuple[Source, ...]
    folder: Path
    cwd: str | None
    """Where commands run, relative to the folder; None: in the folder itself."""

    def config(self) -> Config:
        """The targets as samewire.toml will say them, seen from here; the folder may be missing yet. Raises UsageError."""
        targets = {name: _target(server) for name, server in ((OLD, self.old), (NEW, self.new))}
        try:
            return Config.model_validate({"targets": targets})
        except ValidationError as error:
            said = error.errors()[0]
            side = str(said["loc"][1]) if len(said["loc"]) > 1 else "old, --new"
            raise UsageError(f"--{side}: {said['msg'].removeprefix('Value error, ')}") from None

    def source_path(self, source: Source) -> str:
        """As samewire.toml says it: relative to the folder."""
        path = source.reading.input.path
        if path is None:
            raise UsageError("--from -: standard input can be read once only: save it to a file and name that")
        return Path(relpath(path, self.folder)).as_posix()


def wanted(old: str, new: str, sources: Sequence[tuple[str, str | None]], folder: Path) -> Wanted:
    """All of it, checked as far as can be without connecting. Raises UsageError and SourceError."""
    here = relpath(Path(), folder)
    found = Wanted(
        old=Server.of(OLD, old),
        new=Server.of(NEW, new),
        sources=tuple(open_source(path, format) for path, format in sources),
        folder=folder,
        cwd=None if here == "." else Path(here).as_posix(),
    )
    found.config()
    for source in found.sources:
        found.source_path(source)
    return found


def _target(server: Server) -> dict[str, object]:
    return {"url": server.url} if server.url else {"command": server.command}


def _words(side: str, given: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(given))
    except ValueError as error:
        raise UsageError(f"--{side}: {given!r} can't be split into words: {error}") from None
    if not words:
        raise UsageError(f"--{side}: give a URL, https://HOST[:PORT], or a command that starts the server")
    if any(redact(bare) != bare for bare in (word.lstrip("-") for word in (*words, given))):
        raise UsageError(
            f"--{side}: the command has a secret in it, which would be written to samewire.toml: "
            "let the server read it from its environment"
        )
    return words
