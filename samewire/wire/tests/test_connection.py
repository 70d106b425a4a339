"""How a connection ends, as its owner is told."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest

from samewire.wire.connection import Connection, Ending


async def test_a_reset_that_a_write_was_told_of_is_no_end_in_order() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connected = socket.create_connection(listening.getsockname())
        connected.setblocking(False)
        connection = Connection(connected)
        accepted, _ = listening.accept()
    connection.pause()
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    accepted.close()
    try:
        with pytest.raises(ConnectionResetError):
            await connection.write(b"too late")
        async with asyncio.timeout(10):
            assert await connection.read() is None
        assert connection.ending is Ending.RESET
    finally:
        connection.close()
