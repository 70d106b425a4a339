"""Opens a conversation with a target."""

from __future__ import annotations

import asyncio

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
        raise OSError(f"cannot connect to {address.authority}: no answer in {limit:g} seconds") from None
    except OSError as error:
        raise OSError(f"cannot connect to {address.authority}: {error.strerror or error}") from error
