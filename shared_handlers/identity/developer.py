"""Who asks without credentials in `development`: only somebody at this machine, and no page of another site.

A foreign name that is made to point here (DNS rebinding) makes a foreign page one of this site to a browser, so the name
that was asked for counts, too.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Sequence

from shared_handlers.ascii import lower
from shared_handlers.errors import HTTPError
from shared_handlers.message import Request
from shared_handlers.policies import credentials
from shared_handlers.user import DEVELOPER, User

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Developer:
    """Lets the developer in without credentials."""

    __slots__ = ("_names", "_networks", "_origins")

    def __init__(self, hosts: Sequence[str], origins: Collection[str] = ()) -> None:
        """`hosts` are names, `*.` and a name for those below it, addresses and networks. Pages of `origins` may do what those
        of this site may."""
        networks = {host: found for host in hosts if (found := _network(host)) is not None}
        self._networks = tuple(networks.values())
        self._names = frozenset(lower(host) for host in hosts if host not in networks)
        self._origins = frozenset(origins)

    def user(self, request: Request) -> User:
        """The developer; HTTPError 421 at another host (RFC 9110 section 15.5.20), 403 for a page of another site."""
        if not self._is_here(request.authority):
            raise HTTPError(421, "In development this answers only at localhost and what auth.development_hosts names.")
        credentials.check_not_foreign(request, self._origins)
        return DEVELOPER

    def _is_here(self, authority: str) -> bool:
        host = _host(authority)
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            name = host.rstrip(".")
            return name in self._names or any(f"*{name[at:]}" in self._names for at in _dots(name))
        return any(address in network for network in self._networks)


def _host(authority: str) -> str:
    """Without the port, and an IPv6 address without its brackets (RFC 3986 section 3.2.2)."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return lower(authority.partition(":")[0])


def _network(host: str) -> Network | None:
    try:
        return ipaddress.ip_network(host.strip("[]"), strict=False)
    except ValueError:
        return None


def _dots(name: str) -> Iterable[int]:
    return (at for at, character in enumerate(name) if character == ".")
