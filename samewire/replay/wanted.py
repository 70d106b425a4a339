"""What of traffic a command is asked for, and the plan that it makes with the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from samewire.config import Config, SourceSettings
from samewire.replay.replayer import Plan
from samewire.sources import Options, Source, open_source


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options that say what is replayed, and how."""

    files: tuple[str, ...] = ()
    format: str | None = None
    """Of all the files; None: told by each one's name and beginning."""
    allow_unsafe: bool = False
    concurrency: int = 16
    seed: int = 0

    def plan(self, config: Config, *, standing: bool) -> Plan | None:
        """The files that were named, or else, when `standing`, the sources of the configuration; None without any.

        Raises SourceError.
        """
        if self.files:
            found = [open_source(file, self.format) for file in self.files]
        else:
            found = list(_standing(config)) if standing else []
        if not found:
            return None
        return Plan(
            tuple((source.name, source) for source in found),
            allow_unsafe=self.allow_unsafe,
            concurrency=self.concurrency,
            seed=self.seed,
        )


def _standing(config: Config) -> Iterator[Source]:
    for settings in config.sources:
        yield open_source(config.folder / settings.path, settings.format, _options(settings))


def _options(settings: SourceSettings) -> Options:
    return Options(settings.origin, settings.examples, settings.seed)
