"""The model of `[targets.NAME]` in samewire.toml."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from samewire.access import HttpVersion
from samewire.address import Address
from samewire.ascii import lower
from samewire.sections import Names, Positive, Section, UrlPath


def _split(given: Any) -> Any:
    return shlex.split(given) if isinstance(given, str) else given


def _url(url: str) -> str:
    Address.of(url)
    return url


def _field_name(name: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise ValueError(f"{name!r} is no name of a field (RFC 9110 section 5.1)")
    if lower(name) in _NOT_THE_TARGETS:
        raise ValueError(f"{name} belongs to {_NOT_THE_TARGETS[lower(name)]}")
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
        if twice := {lower(name) for name in self.headers} & {lower(name) for name in self.headers_env}:
            raise ValueError(f"{', '.join(sorted(twice))}: give it in `headers` or in `headers_env`, not in both")
        return self
