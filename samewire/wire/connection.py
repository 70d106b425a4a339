"""One TCP connection to a server: bytes with the time they came, and how it ended; the only file with a socket in it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from collections import deque
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from samewire.address import Address

_READ = 64 * 1024
_READ_AHEAD = 72 * 1024 * 1024
"""Bytes: more than the largest answer that is kept."""
_SMALL_BUFFER = 64 * 1024
_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes] | str
_ABORT = struct.pack("ii", 1, 0)


class Ending(Enum):
    """How the server ended its side."""

    FIN = auto()
    RESET = auto()


class Read(NamedTuple):
    """What one read gave, and when, on the event loop's clock in seconds."""

    data: bytes
    at: float


class Connection:
    """Reads as soon as bytes come, whatever its owner does, so that a large write never waits for a reader that waits.

    A write or a read takes as long as it takes: limit it with `asyncio.timeout`.
    """

    __slots__ = ("_ahead", "_held", "_inbox", "_loop", "_reading", "_refused", "_socket", "_waiter", "ending")

    def __init__(self, connected: socket.socket) -> None:
        """`connected` is non-blocking, and the connection's own from now on."""
        self._loop = asyncio.get_running_loop()
        self._socket = connected
        self._inbox: deque[Read] = deque()
        self._ahead = 0
        self._reading = False
        self._held = False
        self._refused = False
        """Whether a write was told of RST: the kernel tells it once, and lets the next read find an end in order."""
        self._waiter: asyncio.Future[None] | None = None
        self.ending: Ending | None = None
        """None while the server's side is open; what came before the end may still wait to be read."""
        self._resume()

    @classmethod
    async def open(cls, address: Address) -> Connection:
        """Connect, with Nagle's algorithm off; OSError when no address of the host, or no socket, can be reached."""
        return cls(await connect(address))

    async def write(self, data: bytes) -> None:
        """Send it all; OSError when the connection has ended: what the server sent before can still be read."""
        try:
            await self._loop.sock_sendall(self._socket, data)
        except ConnectionResetError:
            self._refused = True
            raise

    async def read(self) -> Read | None:
        """The next bytes, in the order in which they came; None when the server has ended its side."""
        while not self._inbox:
            if self.ending is not None:
                return None
            self._held = False
            self._resume()
            await self._wait()
        read = self._inbox.popleft()
        self._ahead -= len(read.data)
        self._resume()
        return read

    def pause(self) -> None:
        """Take nothing more from the kernel until there is nothing left to `read`; its buffer is made a small one."""
        self._held = True
        self._pause()
        if self.ending is None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)

    def half_close(self) -> None:
        """Send FIN and go on reading; OSError when the connection has ended."""
        self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close both directions, in order. The kernel sends RST instead of FIN when it holds bytes not read."""
        self._pause()
        self._socket.close()
        self.ending = self.ending or Ending.FIN

    def reset(self) -> None:
        """Abort with RST."""
        if self._socket.fileno() >= 0:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self.close()

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _readable(self) -> None:
        try:
            data = self._socket.recv(_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end(Ending.RESET)
            return
        if not data:
            self._end(Ending.RESET if self._refused else Ending.FIN)
            return
        self._inbox.append(Read(data, self._loop.time()))
        self._ahead += len(data)
        if self._ahead > _READ_AHEAD:
            self._pause()
        self._wake()

    def _end(self, ending: Ending) -> None:
        self._pause()
        self.ending = ending
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _pause(self) -> None:
        if self._reading:
            self._loop.remove_reader(self._socket)
            self._reading = False

    def _resume(self) -> None:
        if not self._reading and not self._held and self.ending is None and self._ahead <= _READ_AHEAD:
            self._loop.add_reader(self._socket, self._readable)
            self._reading = True


async def connect(address: Address) -> socket.socket:
    """A connected socket to the first of the target's addresses that answers."""
    loop = asyncio.get_running_loop()
    failure: OSError = OSError(f"{address.host} has no address")
    for family, place in await _places(address):
        connected = socket.socket(family, socket.SOCK_STREAM)
        try:
            connected.setblocking(False)
            if family != socket.AF_UNIX:
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(connected, place)
        except OSError as error:
            connected.close()
            failure = error
        except BaseException:
            connected.close()
            raise
        else:
            return connected
    raise failure


async def _places(address: Address) -> Sequence[tuple[int, _Address]]:
    """What to try to connect to, each with its family."""
    if address.socket:
        return [(socket.AF_UNIX, address.socket)]
    return await _resolved(address.host, address.port)


async def _resolved(host: str, port: int) -> Sequence[tuple[int, _Address]]:
    """The addresses of a name, each with its family; an IP address is its own, without a thread to ask the system."""
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [(family, address) for family, _, _, _, address in found]
    return [(socket.AF_INET6, (host, port, 0, 0)) if version == 6 else (socket.AF_INET, (host, port))]
