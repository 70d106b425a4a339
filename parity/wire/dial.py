"""Opens a conversation with a target."""

from __future__ import annotations

import asyncio
import os
import ssl

from parity.address import Address
from parity.wire.connection import Connection
from parity.wire.conversation import Conversation
from parity.wire.tls import Secured


async def dial(address: Address, limit: float) -> Conversation:
    """Connect within `limit` seconds; OSError says where to, and why not."""
    opened = Secured.open if address.scheme == "https" else Connection.open
    try:
        async with asyncio.timeout(limit):
            return Conversation(await opened(address))
    except TimeoutError:
        raise OSError(f"cannot connect to {address.where}: no answer in {limit:g} seconds") from None
    except OSError as error:
        raise OSError(f"cannot connect to {address.where}: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    """asyncio puts an address into the text of what connect says; the number says more."""
    if error.errno and error.errno > 0 and not isinstance(error, ssl.SSLError):
        return os.strerror(error.errno)
    return error.strerror or str(error) or type(error).__name__
