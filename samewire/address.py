"""Where a target listens."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from samewire.access import PLAIN, Access

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNIX = "+unix"
_LOCAL = "localhost"
_USERINFO = re.compile(r"(?<=//)[^/?#]*@|^[^/?#]*@")


class Address(NamedTuple):
    """An origin, the path under which the target's resources begin, and how it is spoken to."""

    scheme: str
    """`http` or `https`."""
    host: str
    """A name, or an IP address without brackets."""
    port: int
    base_path: str = ""
    """Prefixed to every target that begins with `/`: empty, or `/a/b` without a slash at its end."""
    socket: str = ""
    """The path of the Unix socket to connect to; empty: host and port are connected to."""
    access: Access = PLAIN

    @classmethod
    def of(cls, url: str) -> Address:
        """The address that a URL names; ValueError says what is wrong with it.

        `http[s]://HOST[:PORT][/BASE]`, or with a Unix socket's path, percent-encoded, as the host:
        `http[s]+unix://%2Frun%2Fapp.sock[/BASE]`.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            why = "what comes before its path can't be read" if "@" in url else str(error)
            raise ValueError(f"{_shown(url)} is not a URL: {why}") from None
        scheme = parts.scheme.removesuffix(_UNIX)
        if scheme not in _DEFAULT_PORTS:
            raise ValueError(f"{_shown(url)} does not begin with http:// or https:// (or http+unix://)")
        if not parts.hostname:
            raise ValueError(f"{_shown(url)} has no host: write it as {parts.scheme}://{_host_form(parts.scheme)}")
        if parts.username or parts.password or parts.query or parts.fragment or not url.isprintable() or " " in url:
            raise ValueError(
                f"{_shown(url)} has more than a host, a port and a path: write it as http://HOST:PORT/BASE"
            )
        base_path = parts.path.rstrip("/")
        if parts.scheme != scheme:
            return cls(scheme, _LOCAL, _DEFAULT_PORTS[scheme], base_path, _socket(url, parts.netloc))
        return cls(scheme, parts.hostname, _DEFAULT_PORTS[scheme] if port is None else port, base_path)

    @property
    def authority(self) -> str:
        """The Host value (RFC 9110 section 7.2): the port is left out where it is the scheme's own."""
        return self.access.host or self._origin

    @property
    def where(self) -> str:
        """What is connected to, in words: host and port, or the path of a socket."""
        return self.socket or self._origin

    @property
    def url(self) -> str:
        """What `of` reads as this address, access apart."""
        if not self.socket:
            return f"{self.scheme}://{self._origin}{self.base_path}"
        return f"{self.scheme}{_UNIX}://{quote(self.socket, safe='')}{self.base_path}"

    @property
    def _origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def _socket(url: str, netloc: str) -> str:
    path = unquote(netloc)
    if not path.startswith("/") or "\0" in path:
        raise ValueError(
            f"{_shown(url)} names no socket: write its absolute path percent-encoded, http+unix://%2Frun%2Fa.sock"
        )
    return path


def _shown(url: str) -> str:
    """Without user and password, which may be secret."""
    return repr(_USERINFO.sub("", url))


def _host_form(scheme: str) -> str:
    return "%2FPATH%2FTO%2FSOCKET" if scheme.endswith(_UNIX) else "HOST:PORT"
