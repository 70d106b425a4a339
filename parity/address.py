"""Where a target listens."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """An origin, and the path under which the target's resources begin."""

    scheme: str
    """`http` or `https`."""
    host: str
    """A name, or an IP address without brackets."""
    port: int
    base_path: str = ""
    """Prefixed to every target that begins with `/`: empty, or `/a/b` without a slash at its end."""

    @classmethod
    def of(cls, url: str) -> Address:
        """The address that `http[s]://host[:port][/base]` names; ValueError says what is wrong with it."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"{url!r} is not a URL: {error}") from None
        if parts.scheme not in _DEFAULT_PORTS:
            raise ValueError(f"{url!r} does not begin with http:// or https://")
        if not parts.hostname:
            raise ValueError(f"{url!r} has no host: write it as http://HOST:PORT")
        if parts.username or parts.password or parts.query or parts.fragment or not url.isprintable() or " " in url:
            raise ValueError(f"{url!r} has more than a host, a port and a path: write it as http://HOST:PORT/BASE")
        return cls(
            parts.scheme,
            parts.hostname,
            _DEFAULT_PORTS[parts.scheme] if port is None else port,
            parts.path.rstrip("/"),
        )

    @property
    def authority(self) -> str:
        """The Host value (RFC 9110 section 7.2): the port is left out where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"
