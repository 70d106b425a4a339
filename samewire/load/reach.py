"""Whether the load generator can speak to a target as the target wants to be spoken to."""

from __future__ import annotations

from samewire.access import Access, HttpVersion
from samewire.launch import Running

_HTTP_1: HttpVersion = "1.1"


def out_of_reach(*targets: Running) -> str:
    """Why the targets can't be loaded, in words; empty when they can.

    A locust file is given a URL and no more: it would measure how quickly a server refuses.
    """
    for target in targets:
        address, access = target.address, target.address.access
        wants = "its Unix socket" if address.socket else "HTTP/2" if access.http != _HTTP_1 else ""
        if not wants and access != Access(target=access.target):
            wants = "the headers, host or TLS settings that samewire.toml gives it"
        if wants:
            return f"{target.name}: a load comparison can't use {wants}; measure it at a plain URL"
    return ""
