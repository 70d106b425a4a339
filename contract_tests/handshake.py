"""The opening handshake of a WebSocket and raw frames, as cases send them."""

from __future__ import annotations

import base64

from samewire.cases import expect, get, match, talk
from samewire.cases.model import Receive, Send, Talk

ASKS = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
"""The fields of RFC 6455 section 1.2, with the key of its example."""


def opened(path: str = "/probe/ws/echo") -> tuple[Send, Receive]:
    """A WebSocket is asked for and opened."""
    return get(path, headers=ASKS), expect(101, headers={"Upgrade": match(token="websocket")})


def asks(**fields: str | None) -> dict[str, str]:
    """The fields of the handshake with these changed, or left out where None; `_` in a name stands for `-`."""
    changed = {name.replace("_", "-"): value for name, value in fields.items()}
    return {name: value for name, value in {**ASKS, **changed}.items() if value is not None}


def frame(first: int, payload: bytes, *, masked: bool = True) -> Talk:
    """A frame to the letter: its first byte (FIN, RSV, opcode) and its payload, masked with zeros."""
    mask = 0x80 if masked else 0
    size = len(payload)
    length = bytes((mask | size,)) if size < 126 else bytes((mask | 126,)) + size.to_bytes(2, "big")
    content = bytes((first,)) + length + (bytes(4) if masked else b"") + payload
    return talk("frame", base64=base64.b64encode(content).decode())
