"""The model of parity.toml: targets, rules, accepted differences, invariants, thresholds."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from parity.access import HttpVersion
from parity.address import Address
from parity.check import Invariant
from parity.compare import Accepted, Rule
from parity.relations import RelationSettings


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
    if "folder" in found:
        raise ConfigError(f"{path}: folder: unknown key")
    try:
        return Config.model_validate({**found, "folder": path.parent})
    except ValidationError as error:
        raise ConfigError("\n".join(f"{path}: {line}" for line in _lines(error))) from None


class Section(BaseModel):
    """Frozen, and closed against keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _split(given: Any) -> Any:
    return shlex.split(given) if isinstance(given, str) else given


def _url(url: str) -> str:
    Address.of(url)
    return url


def _path(path: str) -> str:
    if not path.startswith("/"):
        raise ValueError("a path begins with `/`")
    return path


UrlPath = Annotated[str, AfterValidator(_path)]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _field_name(name: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise ValueError(f"{name!r} is no name of a field (RFC 9110 section 5.1)")
    if name.lower() in _NOT_THE_TARGETS:
        raise ValueError(f"{name} belongs to {_NOT_THE_TARGETS[name.lower()]}")
    return name


def _field_value(value: str) -> str:
    if re.search(r"[\r\n\0]", value) or value != value.strip(" \t"):
        raise ValueError("a field's value has no line breaks, and no blanks at its ends (RFC 9110 section 5.5)")
    value.encode("latin-1")
    return value


_NOT_THE_TARGETS = {
    "host": "the target's `host`",
    "connection": "the cases",
    "content-length": "the cases",
    "transfer-encoding": "the cases",
}
FieldName = Annotated[str, AfterValidator(_field_name)]
FieldValue = Annotated[str, AfterValidator(_field_value)]
Authority = Annotated[str, Field(pattern=r"^[!-~]+$")]


class TargetSettings(Section):
    """A server: exactly one of a command that starts it and the place where it runs, `url` or `socket` or both."""

    command: Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(_split)] | None = None
    """Words, or one string that is split as a shell would. With `{port}` in it a free port is chosen, with `{socket}`
    the path of a Unix socket, and `ready` is polled; without, the server announces `listening on URL` on standard
    output. It is spoken to by TLS if a setting of TLS is given."""
    url: Annotated[str, AfterValidator(_url)] | None = None
    """`http[s]://HOST[:PORT][/BASE]`, or `http+unix://%2FPATH%2FTO%2FSOCKET[/BASE]`."""
    socket: str | None = Field(default=None, min_length=1)
    """The path of a Unix socket to connect to; `url` then only says scheme, Host and base path."""
    host: Authority | None = None
    """The Host value (`:authority` in HTTP/2) when it is not the URL's."""
    http: HttpVersion = "1.1"
    """With `"2"` by ALPN where TLS is spoken, else with prior knowledge (RFC 9113 section 3)."""
    headers: Mapping[FieldName, FieldValue] = {}
    """Added to each well-formed request that does not name them itself."""
    headers_env: Mapping[FieldName, str] = {}
    """Likewise, but each value is read from the environment variable of that name, and never shown."""
    verify: bool = True
    """Whether the server's certificate must be vouched for."""
    ca_file: str | None = None
    """Authorities to trust besides the system's, in PEM; as all files, relative to the folder of the file."""
    server_name: str | None = Field(default=None, min_length=1)
    """Whom the certificate must name when that is not the host that is connected to."""
    cert_file: str | None = None
    """The client's certificate, in PEM."""
    key_file: str | None = None
    """Its key, when it does not stand in `cert_file`."""
    ready: UrlPath | None = None
    """Answers 2xx once the server serves."""
    probe: UrlPath = "/"
    """Answers at once and changes nothing: shows whether a connection is still usable."""
    env: Mapping[str, str] = {}
    cwd: str | None = None
    """Relative to the folder of the file."""
    start_timeout: Positive = 30.0
    """Seconds."""
    store_env: Names = ()
    """Environment variables that each name a fresh folder for every start: targets must not share state."""
    disposable: bool = False
    """Whether cases may change its state."""

    @property
    def words(self) -> tuple[str, ...]:
        """The command, empty when there is none."""
        return self.command or ()

    @property
    def secured(self) -> bool:
        """Whether a setting of TLS is given."""
        return not self.verify or any((self.ca_file, self.server_name, self.cert_file, self.key_file))

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        runs = self.url is not None or self.socket is not None
        if (self.command is None) != runs:
            raise ValueError("give exactly one of `command` and `url` (or `socket`)")
        if runs and (self.env or self.cwd or self.store_env):
            raise ValueError("`env`, `cwd` and `store_env` go with `command`: what runs at `url` is not started here")
        if self.key_file and not self.cert_file:
            raise ValueError("`key_file` is of the certificate in `cert_file`: give both")
        if self.url is not None and self.secured and not self.url.startswith("https"):
            raise ValueError("the settings of TLS go with a `url` that begins with https")
        if twice := {name.lower() for name in self.headers} & {name.lower() for name in self.headers_env}:
            raise ValueError(f"{', '.join(sorted(twice))}: give it in `headers` or in `headers_env`, not in both")
        return self


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
    targets: Mapping[str, TargetSettings] = {}
    use_aiohttp: Mapping[Literal["true", "false"], str] = {}
    """Which target each value of USE_AIOHTTP means."""
    cases: str = "contract_tests/cases"
    """The file or folder of cases that are run when none is named, relative to the folder of the file."""
    sources: tuple[SourceSettings, ...] = ()
    """Requests that are sent to both servers and compared, when none are named."""
    rules: tuple[Rule, ...] = ()
    accepted: tuple[Accepted, ...] = ()
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
