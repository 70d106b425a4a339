"""What a target is: a server to start by a command, or one that runs already."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parity.address import Address
from parity.config import Config, TargetSettings


class UnknownTarget(Exception):
    """A name that is in no configuration, or a URL that is none; the text says what is possible."""


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started. `{python}` is this interpreter, `{port}` a free port that is chosen for it."""

    words: tuple[str, ...]
    cwd: Path | None = None
    env: tuple[tuple[str, str], ...] = ()
    store_env: tuple[str, ...] = ()
    """Environment variables that each name a fresh directory for every start."""

    @property
    def wants_port(self) -> bool:
        """Without `{port}` it announces itself: `listening on URL`."""
        return any("{port}" in text for text in (*self.words, *(value for _, value in self.env)))

    def filled(self, port: int | None) -> tuple[str, ...]:
        """The words to execute."""
        return tuple(_filled(word, port) for word in self.words)

    def environment(self, port: int | None) -> Mapping[str, str]:
        return {name: _filled(value, port) for name, value in self.env}


@dataclass(frozen=True, slots=True)
class Target:
    """A server to compare."""

    name: str
    source: Command | str
    """A URL when it runs already."""
    ready: str | None = None
    """A path that answers 2xx once it serves; without one, a connection that is accepted will do."""
    probe: str = "/"
    start_timeout: float = 30.0
    """Seconds."""
    disposable: bool = False
    """Whether cases may change its state."""


def resolve(name_or_url: str, config: Config) -> Target:
    """The target of that name in the configuration, or the one at that URL. Raises UnknownTarget."""
    settings = config.targets.get(name_or_url)
    if settings is not None:
        return _configured(name_or_url, settings, config.folder)
    if "://" not in name_or_url:
        known = ", ".join(config.targets) or "none"
        raise UnknownTarget(
            f"there is no target {name_or_url!r}; parity.toml has: {known}; or give a URL, http://HOST:PORT"
        )
    try:
        Address.of(name_or_url)
    except ValueError as error:
        raise UnknownTarget(str(error)) from None
    return Target(name_or_url, name_or_url)


def _configured(name: str, settings: TargetSettings, folder: Path) -> Target:
    if settings.url is not None:
        source: Command | str = settings.url
    else:
        source = Command(
            words=settings.words,
            cwd=folder / settings.cwd if settings.cwd else folder,
            env=tuple(settings.env.items()),
            store_env=settings.store_env,
        )
    return Target(name, source, settings.ready, settings.probe, settings.start_timeout, settings.disposable)


def _filled(text: str, port: int | None) -> str:
    return text.replace("{python}", sys.executable).replace("{port}", str(port))
