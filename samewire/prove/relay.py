"""A proxy between the harness and a server: what one sends the other gets at once, unless a fault changes it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from samewire.access import PLAIN
from samewire.address import Address
from samewire.prove.channel import Channel, Cut, Out, Tamper
from samewire.prove.recording import Recording, Side
from samewire.run import follow_up
from samewire.wire import Names
from samewire.wire.connection import Connection, Ending
from samewire.wire.conversation import Wire
from samewire.wire.tls import Secured
from samewire.wire.written import written

_CUTS = {Ending.FIN: Cut.FIN, Ending.RESET: Cut.RESET, None: Cut.FIN}
_BACKLOG = 64


class Relay:
    """Listens on a free port of 127.0.0.1; each connection to it has one of its own to the server.

    It speaks HTTP/1.1 without TLS to the harness, over TLS to the server where that wants it, and goes by its authority.
    """

    def __init__(self, upstream: Address, tamper: Tamper, probe: str) -> None:
        self._upstream = upstream._replace(access=replace(upstream.access, http="1.1"))
        self._tamper = tamper
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self._listening.setblocking(False)
        self._tasks: set[asyncio.Task[None]] = set()
        self.address = _behind(upstream, self._listening.getsockname()[1])
        last = follow_up(Names.of(self.address, ""), probe)
        self._last = written(last.step.send, last.names).head
        self.recordings: list[Recording] = []
        self.failures: list[Exception] = []
        """Of our own code: a connection that it broke off proves nothing."""

    async def accept(self) -> None:
        """Until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            accepted, _ = await loop.sock_accept(self._listening)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = loop.create_task(self._serve(Connection(accepted)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        self._listening.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, client: Connection) -> None:
        try:
            server = await _connected(self._upstream)
        except OSError:
            client.reset()
            return
        recording = Recording(self._last)
        self.recordings.append(recording)
        link = _Link(client, server, Channel(self._tamper, self._last), recording)
        try:
            await link.carry()
        except Exception as error:
            self.failures.append(error)
        finally:
            client.close()
            server.close()


def _behind(upstream: Address, port: int) -> Address:
    """Where the harness finds the server now, with the fields it wants and under the name it has."""
    access = replace(upstream.access, host=upstream.authority, trust=PLAIN.trust, http="1.1")
    return Address("http", "127.0.0.1", port, upstream.base_path, access=access)


async def _connected(address: Address) -> Wire:
    return await (Secured.open(address) if address.scheme == "https" else Connection.open(address))


class _Link:
    """A client's connection and the one to the server that belongs to it."""

    def __init__(self, client: Connection, server: Wire, channel: Channel, recording: Recording) -> None:
        self._client = client
        self._server = server
        self._channel = channel
        self._recording = recording
        self._gone = asyncio.Event()

    async def carry(self) -> None:
        """Both ways, until both sides have ended or one was cut off."""
        both = asyncio.ensure_future(asyncio.gather(self._up(), self._down()))
        gone = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait((both, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            both.cancel()
            gone.cancel()
            found, _ = await asyncio.gather(both, gone, return_exceptions=True)
        if isinstance(found, Exception):
            raise found

    async def _up(self) -> None:
        while (read := await self._client.read()) is not None:
            self._recording.add(Side.CLIENT, read.data)
            await self._to(self._server, self._channel.sent(read.data))
        cut = _CUTS[self._client.ending]
        self._recording.add(Side.CLIENT, cut)
        await self._to(self._server, self._channel.client_ended(cut))

    async def _down(self) -> None:
        while (read := await self._server.read()) is not None:
            self._recording.add(Side.SERVER, read.data)
            await self._to(self._client, self._channel.came(read.data))
        cut = _CUTS[self._server.ending]
        self._recording.add(Side.SERVER, cut)
        await self._to(self._client, self._channel.server_ended(cut))

    async def _to(self, receiver: Wire, outs: Iterable[Out]) -> None:
        """A receiver that has gone takes nothing more; that it has gone, the other direction tells, or has told."""
        for out in outs:
            if out is Cut.GONE:
                self._close_in_order()
                return
            if out is Cut.RESET:
                receiver.reset()
                self._gone.set()
                return
            try:
                if out is Cut.FIN:
                    receiver.half_close()
                elif isinstance(out, bytes):
                    await receiver.write(out)
            except OSError:
                if receiver is self._client and receiver.ending is not None:
                    self._server.reset()  # as the client's kernel answers what comes after its end
                    self._gone.set()
                    return

    def _close_in_order(self) -> None:
        with contextlib.suppress(OSError):
            self._client.half_close()
        self._gone.set()


@contextlib.asynccontextmanager
async def relayed(upstream: Address, tamper: Tamper, probe: str) -> AsyncIterator[Relay]:
    """A relay that serves, and is gone at the end with all its connections. Raises what a fault's own code raised."""
    relay = Relay(upstream, tamper, probe)
    accepting = asyncio.ensure_future(relay.accept())
    try:
        yield relay
    finally:
        accepting.cancel()
        await asyncio.gather(accepting, return_exceptions=True)
        await relay.close()
    if relay.failures:
        raise relay.failures[0]
