"""Bearer tokens: signed, so that every server with the key can tell its own, and revocable (RFC 6750, RFC 7519)."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable

import jwt
from jwt.api_jws import PyJWS
from pydantic import ValidationError

from shared_handlers.identity.claims import Claims
from shared_handlers.state import Database
from shared_handlers.user import User

_ALGORITHM = "HS256"
_ISSUER = "nlweb"
_KEY_BYTES = 32
_LEAST_KEY = 16
_MAX_TOKEN = 8192
"""Characters; the longest claims that there may be fit."""
_SKEW = 60.0
"""Seconds that the clock of another server of the store may be ahead."""
_JWS = PyJWS([_ALGORITHM])
_NEVER_SIGNED = (jwt.PyJWTError, ValueError, TypeError, RecursionError)
"""The header is read before the signature is checked, and the library reads it as any JSON."""
Clock = Callable[[], float]


class InvalidToken(Exception):
    """It is not one of ours, has expired or was revoked."""


class Tokens:
    """Gives tokens out and knows them again, whichever server gave them out. Signatures are compared by the library,
    in constant time (PyJWT, `hmac.compare_digest`)."""

    __slots__ = ("_audience", "_clock", "_database", "_key", "seconds")

    def __init__(
        self, database: Database, key: bytes | None, seconds: int, clock: Clock = time.time, audience: str = "nlweb"
    ) -> None:
        """`seconds` is how long a token is good for. Without `key` it is the store's, which all its servers share: a store
        that was made anew has another one, so what was revoked in the old one does not come back."""
        self._database = database
        self._key = key
        self._clock = clock
        self._audience = audience
        self.seconds = seconds

    async def issue(self, user: User) -> str:
        """A new token for `user`; ValueError for somebody whom no token could name."""
        now = int(self._clock())
        claims = Claims(
            iss=_ISSUER, aud=self._audience, sub=user.id, name=user.name, email=user.email, idp=user.provider,
            scope=" ".join(sorted(user.scopes)), iat=now, nbf=0, exp=now + self.seconds, jti=secrets.token_urlsafe(16),
        )  # fmt: skip
        payload = claims.model_dump_json(exclude={"nbf"}).encode()
        return _JWS.encode(payload, await self._signing_key(), _ALGORITHM, {"typ": "JWT"})

    async def _signing_key(self) -> bytes:
        known = self._key or await self._database.read(_stored_key)
        return known if known is not None else await self._database.change(_shared_key)

    async def user_of(self, token: str) -> User:
        """Whose token it is; InvalidToken."""
        _check_length(token)

        def read(connection: sqlite3.Connection) -> Claims:
            claims = self._claims(connection, token)
            if _is_revoked(connection, claims.jti):
                raise InvalidToken
            return claims

        return (await self._database.read(read)).user

    async def revoke(self, token: str) -> None:
        """From here on it is invalid on every server; InvalidToken when it can't be one, or has expired."""
        _check_length(token)
        now = self._clock()

        def change(connection: sqlite3.Connection) -> None:
            claims = self._claims(connection, token)
            connection.execute("DELETE FROM revoked WHERE expires <= ?", (now,))
            connection.execute("INSERT OR IGNORE INTO revoked VALUES (?, ?)", (claims.jti, claims.exp))

        await self._database.change(change)

    def _claims(self, connection: sqlite3.Connection, token: str) -> Claims:
        key = self._key or _stored_key(connection)
        if key is None:
            raise InvalidToken
        try:
            claims = Claims.model_validate_json(_JWS.decode(token, key, [_ALGORITHM]))
        except (*_NEVER_SIGNED, ValidationError):
            raise InvalidToken from None
        # By our clock, which a test can set; the library has only the system's.
        now = self._clock()
        if (claims.iss, claims.aud) != (_ISSUER, self._audience) or not claims.nbf <= now + _SKEW or claims.exp <= now:
            raise InvalidToken
        return claims


class WeakKey(Exception):
    """The configured key is too short to sign with."""


def configured_key(text: str) -> bytes | None:
    """The key that the environment names, None when it names none; WeakKey."""
    if not text:
        return None
    if len(text) < _LEAST_KEY:
        raise WeakKey(f"it has {len(text)} characters: {_LEAST_KEY} are the least")
    return text.encode("utf-8", "surrogateescape")


def _check_length(token: str) -> None:
    if len(token) > _MAX_TOKEN:
        raise InvalidToken


def _stored_key(connection: sqlite3.Connection) -> bytes | None:
    row = connection.execute("SELECT value FROM secret WHERE name = 'tokens'").fetchone()
    return None if row is None else bytes(row["value"])


def _shared_key(connection: sqlite3.Connection) -> bytes:
    made = secrets.token_bytes(_KEY_BYTES)
    connection.execute("INSERT OR IGNORE INTO secret VALUES ('tokens', ?)", (made,))
    return _stored_key(connection) or made


def _is_revoked(connection: sqlite3.Connection, id: str) -> bool:
    return connection.execute("SELECT 1 FROM revoked WHERE id = ?", (id,)).fetchone() is not None
