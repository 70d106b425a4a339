"""Bearer tokens: signed, so that every server with the key can tell its own, and revocable (RFC 6750, RFC 7519)."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable

import jwt

from shared_handlers.state import Database
from shared_handlers.user import User

_ALGORITHM = "HS256"
_ISSUER = "nlweb"
_KEY_BYTES = 32
_LEAST_KEY = 16
_MAX_TOKEN = 4096
Clock = Callable[[], float]


class InvalidToken(Exception):
    """It is not one of ours, has expired or was revoked."""


class Tokens:
    """Gives tokens out and knows them again, whichever server gave them out. Signatures are compared by the library,
    in constant time (PyJWT, `hmac.compare_digest`)."""

    __slots__ = ("_clock", "_database", "_key", "seconds")

    def __init__(self, database: Database, key: bytes, seconds: int, clock: Clock = time.time) -> None:
        """`seconds` is how long a token is good for."""
        self._database = database
        self._key = key
        self._clock = clock
        self.seconds = seconds

    def issue(self, user: User) -> str:
        """A new token for `user`."""
        now = self._clock()
        claims = {
            "iss": _ISSUER, "sub": user.id, "name": user.name, "email": user.email, "idp": user.provider,
            "scope": " ".join(sorted(user.scopes)), "iat": int(now), "exp": int(now) + self.seconds,
            "jti": secrets.token_urlsafe(16),
        }  # fmt: skip
        return jwt.encode(claims, self._key, _ALGORITHM)

    async def user_of(self, token: str) -> User:
        """Whose token it is; InvalidToken."""
        claims = self._claims(token)
        if await self._database.read(lambda connection: _is_revoked(connection, claims["jti"])):
            raise InvalidToken
        scopes = frozenset(claims["scope"].split())
        return User(claims["sub"], claims["name"], claims["email"], claims["idp"], scopes)

    async def revoke(self, token: str) -> None:
        """From here on it is invalid on every server; InvalidToken when it is already."""
        claims = self._claims(token)
        now = self._clock()
        await self._database.change(lambda connection: _revoke(connection, claims["jti"], claims["exp"], now))

    def _claims(self, token: str) -> dict[str, str]:
        if len(token) > _MAX_TOKEN:
            raise InvalidToken
        required = ["sub", "name", "email", "idp", "scope", "exp", "jti"]
        options = {"require": required, "verify_exp": False, "verify_iat": False}
        try:
            claims: dict[str, str] = jwt.decode(token, self._key, [_ALGORITHM], options=options, issuer=_ISSUER)  # type: ignore[arg-type]
        except jwt.PyJWTError:
            raise InvalidToken from None
        # By our clock, which a test can set; the library has only the system's.
        if float(claims["exp"]) <= self._clock():
            raise InvalidToken
        return claims


class WeakKey(Exception):
    """The configured key is too short to sign with."""


async def signing_key(database: Database, configured: str) -> bytes:
    """The configured key, else the one that all servers of this store share, made when there is none; WeakKey."""
    if configured:
        if len(configured) < _LEAST_KEY:
            raise WeakKey(f"it has {len(configured)} characters: {_LEAST_KEY} are the least")
        return configured.encode()
    return await database.change(_shared_key)


def _shared_key(connection: sqlite3.Connection) -> bytes:
    made = secrets.token_bytes(_KEY_BYTES)
    connection.execute("INSERT OR IGNORE INTO secret VALUES ('tokens', ?)", (made,))
    (key,) = connection.execute("SELECT value FROM secret WHERE name = 'tokens'").fetchone()
    return bytes(key)


def _is_revoked(connection: sqlite3.Connection, id: str) -> bool:
    return connection.execute("SELECT 1 FROM revoked WHERE id = ?", (id,)).fetchone() is not None


def _revoke(connection: sqlite3.Connection, id: str, expires: str, now: float) -> None:
    connection.execute("DELETE FROM revoked WHERE expires <= ?", (now,))
    connection.execute("INSERT OR IGNORE INTO revoked VALUES (?, ?)", (id, float(expires)))
