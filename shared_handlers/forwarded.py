"""What trusted proxies say about a request: who asked, by which scheme, at which host.

Read are X-Forwarded-For, -Proto and -Host. Forwarded (RFC 7239) is not: a proxy that writes only the former lets the
latter through as a client made it up.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from shared_handlers.ascii import is_digits, lower
from shared_handlers.grammar import valid_host
from shared_handlers.message import Request

Address = IPv4Address | IPv6Address
_MOST_HOPS = 20
_MAX_PORT = 5
_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
"""Some proxies name a WebSocket's own scheme, which for an origin is that of the handshake (RFC 6455 section 3)."""


class Proxies:
    """The peers whose fields are believed, by address or network."""

    __slots__ = ("_networks", "_trusted")

    def __init__(self, trusted: Collection[str]) -> None:
        """ValueError for what is neither an address nor a network."""
        self._networks = tuple(ip_network(one, strict=False) for one in trusted)
        self._trusted = lru_cache(maxsize=4096)(self._within)

    def restore(self, request: Request) -> None:
        """Let the request be the client's own, so far as proxies that are trusted say what that was."""
        peer = address_in(request.peer)
        if peer is None or not self._trusted(peer):
            return
        client, hops = self._client(peer, _values(request, "X-Forwarded-For"))
        scheme = _SCHEMES.get(lower(_at(_values(request, "X-Forwarded-Proto"), hops)), request.scheme)
        host = _at(_values(request, "X-Forwarded-Host"), hops)
        request.forwarded(str(client), scheme, host if host and valid_host(host) else request.authority)

    def _client(self, peer: Address, addresses: list[str]) -> tuple[Address, int]:
        """The last address that is no proxy's, and how many entries from the end it stands (RFC 7239 section 5.2).

        What is no address ends the search: the one that passed it on counts.
        """
        client, hops = peer, 0
        for text in reversed(addresses[-_MOST_HOPS:]):
            found = address_in(text)
            if found is None:
                break
            client, hops = found, hops + 1
            if not self._trusted(found):
                break
        return client, max(hops, 1)

    def _within(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


@lru_cache(maxsize=4096)
def address_in(text: str) -> Address | None:
    """Return the address of a node, without port, brackets and zone; None for what is no address.

    An IPv4 address in an IPv6 one (RFC 4291 section 2.5.5.2) is the IPv4 address: it is the same client.
    """
    host = text.strip(" \t")
    port = "0"
    if host.startswith("["):
        host, bracket, rest = host[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")) or ":" not in host:
            return None
        port = rest[1:] if rest else port
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    if not is_digits(port) or len(port) > _MAX_PORT:
        return None
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _values(request: Request, name: str) -> list[str]:
    """The list in the field; a proxy adds its own value at the end."""
    return ",".join(request.headers.getall(name, ())).split(",")


def _at(values: list[str], hops: int) -> str:
    """The value of the proxy that saw the client; of the one nearest to it, where not every proxy adds its own."""
    return values[-min(hops, len(values))].strip(" \t")
