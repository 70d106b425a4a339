"""The types of configuration values: what is allowed, and in which words it is refused."""

from __future__ import annotations

import ipaddress
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_SITE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HOST_NAME = re.compile(r"(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_ORIGIN = re.compile(r"\*|null|[a-z][a-z0-9+.-]*://(?:\[[0-9a-f:]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")


def _not_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("should be a number")
    return value


def _listed(value: object) -> object:
    """A comma list as the environment writes it, or a list as the file does."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _no_language_model(value: object) -> None:
    if value not in (None, ""):
        raise ValueError("this version answers without a language model: leave the key out")


def _site_name(value: str) -> str:
    if _SITE_NAME.fullmatch(value) is None or value == "all":
        raise ValueError(f"{value!r} can't name a site: use letters, digits, `_`, `.` and `-`, and not `all`")
    return value


def _host_name(value: str) -> str:
    try:
        ipaddress.ip_network(value.strip("[]"), strict=False)
    except ValueError:
        if _HOST_NAME.fullmatch(value) is None:
            raise ValueError(
                f"{value!r} is no host: write a name, `*.name`, an address or a network, no port"
            ) from None
    return value


def _origin(value: str) -> str:
    if _ORIGIN.fullmatch(value) is None:
        raise ValueError(f"{value!r} is not an origin: write scheme://host[:port] in lower case, `null` or `*`")
    return value


def _network(value: str) -> str:
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise ValueError(f"{value!r} is neither an address nor a network: write 192.0.2.1, 10.0.0.0/8 or ::1") from None
    return value


Whole = Annotated[int, BeforeValidator(_not_bool)]
Count = Annotated[Whole, Field(ge=1, le=1 << 40)]
Workers = Annotated[Whole, Field(ge=1, le=1000)]
Port = Annotated[Whole, Field(ge=0, le=65535)]
Seconds = Annotated[float, BeforeValidator(_not_bool), Field(gt=0, le=86400, allow_inf_nan=False)]
Delay = Annotated[float, BeforeValidator(_not_bool), Field(ge=0, le=86400, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]
Label = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]
OptionalText = Annotated[Text | None, BeforeValidator(_none_if_empty)]
OptionalPath = Annotated[Path | None, BeforeValidator(_none_if_empty)]
Words = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(_listed)]
SiteName = Annotated[str, AfterValidator(_site_name)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], BeforeValidator(_listed)]
HostNames = Annotated[tuple[Annotated[str, AfterValidator(_host_name)], ...], BeforeValidator(_listed)]
NoLanguageModel = Annotated[None, BeforeValidator(_no_language_model)]


class Section(BaseModel):
    """A part of the configuration: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        """A section with all its keys commented out is an empty one."""
        return {} if value is None else value
