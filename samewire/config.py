"""The model of samewire.toml: targets, rules, accepted differences, grades, invariants, thresholds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from samewire.check import Invariant
from samewire.compare import Accepted, Graded, Rule
from samewire.relations import RelationSettings
from samewire.sections import Names, Positive, Section
from samewire.target_settings import TargetSettings as TargetSettings


class ConfigError(Exception):
    """The file cannot be used; the text names it and every key that is wrong."""


def load(path: Path) -> Config:
    """The configuration in a TOML file. Raises ConfigError."""
    try:
        found = tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name the file with --config, or create it") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    if wrong := found.keys() & {"folder", "allow_unsafe"}:
        raise ConfigError(f"{path}: {', '.join(sorted(wrong))}: unknown key")
    try:
        return Config.model_validate({**found, "folder": path.parent})
    except ValidationError as error:
        raise ConfigError("\n".join(f"{path}: {line}" for line in _lines(error))) from None


SourceFormat = Literal["har", "access-log", "goreplay", "curl", "openapi", "raw", "jsonl", "cases"]


class SourceSettings(Section):
    """Recorded or described requests that are sent to both servers beside the cases."""

    path: str
    """A file or a folder, relative to the folder of the configuration."""
    format: SourceFormat | None = None
    """Told by the file's name and its beginning where it is not given."""
    origin: str | None = None
    """Of recordings: `https://HOST[:PORT]`, the only one whose requests are taken; else the first one's."""
    examples: int = Field(default=5, gt=0)
    """Of a description of an API: requests an operation."""
    seed: int = 0
    """Of a description of an API: the same seed makes the same requests."""


class Thresholds(Section):
    """Limits on new over old; what is not given is no limit, and the load comparison stays a finding."""

    max_latency_ratio: Positive | None = None
    """Of the median response time."""
    max_p95_ratio: Positive | None = None
    max_cpu_ratio: Positive | None = None
    """Of the server's CPU time a request."""
    max_error_rate: Annotated[float, Field(ge=0, le=1)] | None = None
    """Of one server: failed requests over all."""

    def given(self) -> dict[str, float]:
        """Those that are set, by name."""
        return self.model_dump(exclude_none=True)


class LoadSettings(Section):
    """How a load comparison is run."""

    locustfile: str = "loadtests/locustfile.py"
    """Relative to the folder of the file."""
    scenarios: Names = ("mixed",)
    users: int = Field(default=16, gt=0)
    rate: Positive = 300.0
    """Requests a second in all."""
    blocks: int = Field(default=12, ge=12, multiple_of=4)
    """They come in fours: A B B A."""
    block_seconds: Positive = 4.0
    seed: int | None = None


class Config(Section):
    """What stands in the file, and where it stands; without a file, the defaults."""

    folder: Path = Path()
    """What relative paths are relative to; no key of the file."""
    allow_unsafe: bool = False
    """Whether cases that may change state are sent to any target; `--allow-unsafe`, and no key of the file."""
    targets: Mapping[str, TargetSettings] = {}
    use_aiohttp: Mapping[Literal["true", "false"], str] = {}
    """Which target each value of USE_AIOHTTP means."""
    cases: str = "contract_tests/cases"
    """The file or folder of cases that are run when none is named, relative to the folder of the file."""
    sources: tuple[SourceSettings, ...] = ()
    """Requests that are sent to both servers and compared, when none are named."""
    rules: tuple[Rule, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    grades: tuple[Graded, ...] = ()
    """How much differences matter, where it is not as the built-in table says; the first that fits."""
    invariants: tuple[Invariant, ...] = ()
    thresholds: Thresholds = Thresholds()
    load: LoadSettings = LoadSettings()
    relations: RelationSettings = RelationSettings()

    def with_relations(self, *, enabled: bool) -> Self:
        """The same, with or without derived cases."""
        return self.model_copy(update={"relations": self.relations.model_copy(update={"enabled": enabled})})

    @model_validator(mode="after")
    def _targets_exist(self) -> Self:
        for value, name in self.use_aiohttp.items():
            if name not in self.targets:
                raise ValueError(
                    f"use_aiohttp.{value}: there is no target {name!r}; there are: {', '.join(self.targets)}"
                )
        return self


def _lines(error: ValidationError) -> list[str]:
    """One line a fault, beginning with the key."""
    return [f"{_key(fault['loc'])}{_words(fault['type'], fault['msg'])}" for fault in error.errors()]


def _key(location: tuple[str | int, ...]) -> str:
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return f"{parts.removeprefix('.')}: " if parts else ""


def _words(kind: str, message: str) -> str:
    return "unknown key" if kind == "extra_forbidden" else message.removeprefix("Value error, ")
