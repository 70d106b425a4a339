"""As quick a server as asyncio allows: 1 KB of JSON whatever is asked, with one uuid that is new each time."""

from __future__ import annotations

import asyncio
import uuid

from loadtests.benchmarks.pairs.compared import answer

_PLACE = "00000000-0000-4000-8000-000000000000"


class _Connection(asyncio.Protocol):
    before, _, after = answer(_PLACE).partition(_PLACE.encode())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Requests come whole, and without content."""
        assert isinstance(self._transport, asyncio.Transport)  # noqa: S101
        for _ in range(data.count(b"\r\n\r\n")):
            self._transport.write(self.before + str(uuid.uuid4()).encode() + self.after)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
