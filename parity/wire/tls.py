"""TLS over a connection: the same reads and writes, in clear."""

from __future__ import annotations

import ssl

from parity.address import Address
from parity.wire.connection import Connection, Ending, Read

_READ = 64 * 1024


class Secured:
    """A connection whose certificate was verified against the system's authorities (or `SSL_CERT_FILE`)."""

    __slots__ = ("_at", "_inner", "_received", "_session", "_to_send", "ending")

    def __init__(
        self, inner: Connection, session: ssl.SSLObject, received: ssl.MemoryBIO, to_send: ssl.MemoryBIO
    ) -> None:
        self._inner = inner
        self._session = session
        self._received = received
        self._to_send = to_send
        self._at = 0.0
        self.ending: Ending | None = None

    @classmethod
    async def open(cls, address: Address) -> Secured:
        """Connect and shake hands; OSError (ssl.SSLError is one) when either fails."""
        received, to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        session = context.wrap_bio(received, to_send, server_hostname=address.host)
        inner = await Connection.open(address)
        secured = cls(inner, session, received, to_send)
        try:
            await secured._shake_hands()
        except BaseException:
            inner.close()
            raise
        return secured

    async def write(self, data: bytes) -> None:
        """As `Connection.write`."""
        self._session.write(data)
        await self._flush()

    async def read(self) -> Read | None:
        """As `Connection.read`; a close_notify ends the server's side as FIN does, a broken record as RST does."""
        while self.ending is None:
            try:
                data = self._session.read(_READ)
            except ssl.SSLWantReadError:
                await self._flush()
                await self._more()
            except ssl.SSLZeroReturnError:
                self.ending = Ending.FIN
            except ssl.SSLError:
                self.ending = Ending.RESET
            else:
                if data:
                    return Read(data, self._at)
                self.ending = Ending.FIN
        return None

    def half_close(self) -> None:
        """As `Connection.half_close`: TCP's FIN, as TLS has no half that a peer could count on."""
        self._inner.half_close()

    def close(self) -> None:
        """As `Connection.close`."""
        self._inner.close()

    def reset(self) -> None:
        """As `Connection.reset`."""
        self._inner.reset()

    async def _shake_hands(self) -> None:
        while True:
            try:
                self._session.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._more()
                if self.ending is not None:
                    raise ConnectionResetError("the server ended the connection during the TLS handshake") from None
            else:
                return await self._flush()

    async def _flush(self) -> None:
        if self._to_send.pending:
            await self._inner.write(self._to_send.read())

    async def _more(self) -> None:
        """Take the next bytes in."""
        read = await self._inner.read()
        if read is None:
            self.ending = self._inner.ending
            return
        self._received.write(read.data)
        self._at = read.at
