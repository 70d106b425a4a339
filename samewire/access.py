"""How a target is spoken to: the fields it wants, the authority it goes by, whom TLS trusts, and the version of HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from samewire.exchange import Field

HttpVersion = Literal["1.1", "2"]


@dataclass(frozen=True, slots=True)
class Credential:
    """A field whose value is a secret: sent, and never shown."""

    name: str
    """Of the field."""
    value: str = field(repr=False)
    variable: str = ""
    """The environment variable that holds it, by which it is called wherever it is shown; empty when it has none."""

    @property
    def shown(self) -> str:
        return f"${self.variable}" if self.variable else "$CREDENTIAL"


@dataclass(frozen=True, slots=True)
class Trust:
    """What TLS asks of a server, and shows of the client. Files are absolute paths, or relative to where this runs."""

    verify: bool = True
    ca_file: str = ""
    """Authorities to trust beside the system's."""
    server_name: str = ""
    """Whom the certificate must name, and SNI (RFC 6066 section 3); empty: the host that is connected to."""
    cert_file: str = ""
    key_file: str = ""
    """Empty when the key stands in `cert_file`."""


@dataclass(frozen=True, slots=True)
class Access:
    """What goes beyond an origin."""

    target: str = ""
    """The target's name in `samewire.toml`; empty where it has none."""
    headers: tuple[Field, ...] = ()
    """Added to each well-formed request that does not name them itself."""
    credentials: tuple[Credential, ...] = ()
    """Added likewise."""
    host: str = ""
    """The Host value or `:authority` when it is not the URL's."""
    trust: Trust = Trust()
    http: HttpVersion = "1.1"

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields to add, with the secrets in them."""
        return (*self.headers, *((one.name, one.value) for one in self.credentials))

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown."""
        return tuple(one.value for one in self.credentials)


PLAIN = Access()
"""Nothing beyond an origin."""
