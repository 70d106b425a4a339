"""Opens a conversation with a target."""

from __future__ import annotations

import asyncio
import os
import ssl

from samewire.address import Address
from samewire.wire.connection import Connection
from samewire.wire.conversation import Conversation
from samewire.wire.dialogue import Dialogue
from samewire.wire.tls import Secured


async def dial(address: Address, limit: float) -> Dialogue:
    """Connect within `limit` seconds; OSError says where to, and why not."""
    try:
        async with asyncio.timeout(limit):
            return await _begun(address)
    except TimeoutError:
        raise OSError(f"cannot connect to {address.where}: no answer in {limit:g} seconds") from None
    except OSError as error:
        raise OSError(f"cannot connect to {address.where}: {_reason(error)}") from error


async def _begun(address: Address) -> Dialogue:
    wire = await (Secured.open if address.scheme == "https" else Connection.open)(address)
    if address.access.http == "1.1":
        return Conversation(wire)
    from samewire.wire.http2 import begin  # an optional extra, looked for when the target was resolved

    try:
        if isinstance(wire, Secured) and wire.protocol != "h2":
            raise OSError("the server does not speak HTTP/2 (it did not choose h2 by ALPN)")
        return await begin(wire)
    except BaseException:
        wire.close()
        raise


def _reason(error: OSError) -> str:
    """asyncio puts an address into the text of what connect says; the number says more."""
    if error.errno and error.errno > 0 and not isinstance(error, ssl.SSLError):
        return os.strerror(error.errno)
    return error.strerror or str(error) or type(error).__name__
