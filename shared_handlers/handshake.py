"""The opening handshake of a WebSocket, as far as it is the same on every server (RFC 6455 section 4.2)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Sequence

from shared_handlers.ascii import lower, strip
from shared_handlers.deflate import agreed
from shared_handlers.errors import HTTPError
from shared_handlers.message import Headers, Request, Upgrade, WebSocket
from shared_handlers.policies.origin import is_own_origin

_KEY = re.compile(r"[A-Za-z0-9+/]{21}[AQgw]==")
"""Sixteen bytes in base64."""
_UPGRADE = ("Upgrade", "websocket")
_VERSION = ("Sec-WebSocket-Version", "13")


def websocket_upgrade(
    request: Request,
    handler: Callable[[WebSocket], Awaitable[None]],
    *,
    max_message: int,
    subprotocols: Sequence[str] = (),
    origins: Collection[str] | None = None,
) -> Upgrade:
    """The Upgrade that answers `request`, with the first of `subprotocols` that the client offers, and with
    permessage-deflate if it offers that; messages have up to `max_message` bytes.

    `origins` may connect besides the server's own one; None lets every page connect, and a client that names no
    origin is no browser. HTTPError 400 (HTTP/1.0, bad key or extensions), 403 (origin), 405 (not GET), 426 (no upgrade to
    WebSocket asked for, or not version 13).
    """
    headers = request.headers
    if request.method != "GET":
        raise HTTPError(405, "A WebSocket is opened by GET.", (("Allow", "GET"),))
    if request.version < (1, 1):
        raise HTTPError(400, "A WebSocket needs HTTP/1.1.")
    if "websocket" not in _tokens(headers, "Upgrade") or "upgrade" not in _tokens(headers, "Connection"):
        raise HTTPError(426, "This resource is a WebSocket.", (_UPGRADE, _VERSION))
    if headers.getall("Sec-WebSocket-Version", ()) != ["13"]:
        raise HTTPError(426, "The only WebSocket version here is 13.", (_UPGRADE, _VERSION))
    keys = headers.getall("Sec-WebSocket-Key", ())
    if len(keys) != 1 or _KEY.fullmatch(keys[0]) is None:
        raise HTTPError(400, "Sec-WebSocket-Key must be sixteen bytes in base64, once.")
    if origins is not None and not _welcome(request, origins):
        raise HTTPError(403, "This origin may not open a WebSocket here.")
    deflate = agreed(headers.getall("Sec-WebSocket-Extensions", ()))
    return Upgrade(handler, max_message, _chosen(headers, subprotocols), deflate)


def _tokens(headers: Headers, name: str) -> set[str]:
    return {lower(strip(token)) for line in headers.getall(name, ()) for token in line.split(",")}


def _welcome(request: Request, origins: Collection[str]) -> bool:
    """Against cross-site WebSocket hijacking (RFC 6455 section 10.2)."""
    given = request.headers.getall("Origin", None)
    if given is None or "*" in origins:
        return True
    return is_own_origin(request) or (len(given) == 1 and given[0] in origins)


def _chosen(headers: Headers, subprotocols: Sequence[str]) -> str | None:
    """By the server's order of preference; subprotocol names are compared with their case."""
    offered = {strip(token) for line in headers.getall("Sec-WebSocket-Protocol", ()) for token in line.split(",")}
    return next((name for name in subprotocols if name in offered), None)
