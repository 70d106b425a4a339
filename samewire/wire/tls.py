"""TLS over a connection: the same reads and writes, in clear."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache

from samewire.access import HttpVersion, Trust
from samewire.address import Address
from samewire.wire.connection import Connection, Ending, Read

_READ = 64 * 1024
_PROTOCOLS: dict[HttpVersion, str] = {"1.1": "http/1.1", "2": "h2"}
"""The names of ALPN (RFC 7301): RFC 9113 section 3.2 for HTTP/2."""


def context(trust: Trust, http: HttpVersion = "1.1") -> ssl.SSLContext:
    """What TLS is begun with; OSError (ssl.SSLError is one) or ValueError when a file of it can't be used.

    Authorities are the system's, or those of `SSL_CERT_FILE`, and those of `ca_file`.
    """
    return _context(trust, http, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=64)
def _context(trust: Trust, http: HttpVersion, _file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Kept, because to read the system's authorities takes longer than a whole exchange."""
    made = ssl.create_default_context()
    if trust.ca_file:
        made.load_verify_locations(trust.ca_file)
    if trust.cert_file:
        made.load_cert_chain(trust.cert_file, trust.key_file or None, password=_no_password)
    if not trust.verify:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    made.set_alpn_protocols([_PROTOCOLS[http]])
    return made


def _no_password() -> str:
    """Else OpenSSL would ask the terminal."""
    raise ValueError("the key is encrypted: give one without a password")


class Secured:
    """A connection whose certificate was verified as the target's settings have it."""

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
        access = address.access
        made = context(access.trust, access.http)
        session = made.wrap_bio(received, to_send, server_hostname=access.trust.server_name or address.host)
        inner = await Connection.open(address)
        secured = cls(inner, session, received, to_send)
        try:
            await secured._shake_hands()
        except BaseException:
            inner.close()
            raise
        return secured

    @property
    def protocol(self) -> str | None:
        """What ALPN agreed on; None when the server does not take part in it."""
        return self._session.selected_alpn_protocol()

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

    def pause(self) -> None:
        """As `Connection.pause`."""
        self._inner.pause()

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
