"""How the tests read an answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import orjson

from shared_handlers.message import File, Response


def document(response: Response) -> Any:
    """The JSON of an answer that is not streamed."""
    assert isinstance(response.body, bytes)
    return orjson.loads(response.body)


def stream(response: Response) -> AsyncGenerator[bytes, None]:
    """The pieces of a streamed answer."""
    assert isinstance(response.body, AsyncGenerator)
    return response.body


async def events(response: Response) -> list[dict[str, Any]]:
    """Every event of a streamed answer as its JSON object; each piece must be one whole event."""
    assert not isinstance(response.body, bytes | File)
    return [event(piece) async for piece in response.body]


def event(piece: bytes) -> dict[str, Any]:
    """The JSON object of one unnamed event."""
    assert piece.startswith(b"data: {")
    assert piece.endswith(b"}\n\n")
    assert piece.count(b"\n") == 2
    data: dict[str, Any] = orjson.loads(piece.removeprefix(b"data: "))
    return data
