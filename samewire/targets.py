"""What a target is: a server to start by a command, or one that runs already."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from samewire.access import PLAIN, Access
from samewire.address import Address
from samewire.config import Config
from samewire.credentials import UnusableTarget, access_of
from samewire.target_settings import TargetSettings


class UnknownTarget(UnusableTarget):
    """A name that is in no configuration, or a URL that is none; the text says what is possible."""


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started.

    `{python}` is this interpreter, `{port}` a free port and `{socket}` a path for a Unix socket, chosen for it.
    """

    words: tuple[str, ...]
    cwd: Path | None = None
    env: tuple[tuple[str, str], ...] = ()
    store_env: tuple[str, ...] = ()
    """Environment variables that each name a fresh directory for every start."""

    @property
    def wants_port(self) -> bool:
        return self._has("{port}")

    @property
    def wants_socket(self) -> bool:
        """With neither it announces itself: `listening on URL`."""
        return self._has("{socket}")

    def filled(self, port: int | None, socket: str = "") -> tuple[str, ...]:
        """The words to execute."""
        return tuple(_filled(word, port, socket) for word in self.words)

    def environment(self, port: int | None, socket: str = "") -> Mapping[str, str]:
        return {name: _filled(value, port, socket) for name, value in self.env}

    def _has(self, placeholder: str) -> bool:
        return any(placeholder in text for text in (*self.words, *(value for _, value in self.env)))


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
    socket: str = ""
    """The Unix socket to connect to, when it is not the URL that names it."""
    scheme: str = "http"
    """Of a command that is given its port or socket."""
    access: Access = PLAIN

    def address(self, url: str) -> Address:
        """Where it listens and how it is spoken to, when it serves at that URL. Raises ValueError."""
        found = Address.of(url)
        return found._replace(socket=self.socket or found.socket, access=self.access)


def resolve(name_or_url: str, config: Config) -> Target:
    """The target of that name in the configuration, or the one at that URL.

    Raises UnusableTarget: UnknownTarget, or when its settings name what is not there.
    """
    settings = config.targets.get(name_or_url)
    if settings is not None:
        return _configured(name_or_url, settings, config.folder)
    if "://" not in name_or_url:
        known = (
            f"samewire.toml has: {', '.join(config.targets)}" if config.targets else "no samewire.toml describes one"
        )
        raise UnknownTarget(f"there is no target {name_or_url!r}; {known}; or give a URL, http://HOST:PORT")
    try:
        Address.of(name_or_url)
    except ValueError as error:
        raise UnknownTarget(str(error)) from None
    return Target(name_or_url, name_or_url)


def _configured(name: str, settings: TargetSettings, folder: Path) -> Target:
    if settings.command is None:
        source: Command | str = settings.url or "http://localhost"
    else:
        source = Command(
            words=settings.words,
            cwd=folder / settings.cwd if settings.cwd else folder,
            env=tuple(settings.env.items()),
            store_env=settings.store_env,
        )
    return Target(
        name=name,
        source=source,
        ready=settings.ready,
        probe=settings.probe,
        start_timeout=settings.start_timeout,
        disposable=settings.disposable,
        socket=str(folder / settings.socket) if settings.socket else "",
        scheme="https" if settings.secured else "http",
        access=access_of(name, settings, folder),
    )


def _filled(text: str, port: int | None, socket: str) -> str:
    return text.replace("{python}", sys.executable).replace("{port}", str(port)).replace("{socket}", socket)
