"""Sending part of a file by the kernel's own means."""

from __future__ import annotations

import asyncio

from shared_handlers.message import File

_PIECE = 1 << 18
"""Bytes for which a client has the whole write time-out."""


async def send_file(transport: asyncio.WriteTransport, file: File, patience: float) -> int:
    """Send the file after what is in the transport, and give the bytes sent: fewer when the file has shrunk.

    TimeoutError when the client does not take a piece within `patience` seconds; ConnectionError when it has left.
    """
    loop = asyncio.get_running_loop()
    sent = 0
    while sent < file.length:
        size = min(_PIECE, file.length - sent)
        if transport.is_closing():
            raise ConnectionResetError("the client left")
        async with asyncio.timeout(patience):
            done = await loop.sendfile(transport, file.handle, file.offset + sent, size)
        sent += done
        if done < size:
            break
    return sent
