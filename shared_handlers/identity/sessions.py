"""Sessions of browsers: a cookie with a random id, and in the database whose it is (RFC 6265bis)."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Callable
from typing import Final

import orjson

from shared_handlers.cookies import expired_cookie, set_cookie
from shared_handlers.message import Field, Request
from shared_handlers.state import Database
from shared_handlers.user import User

_ID_BYTES: Final = 32
_ID_LENGTH: Final = 43
Clock = Callable[[], float]


class Sessions:
    """Begins, finds and ends sessions. The id is drawn anew at each login, so none that was known before is of use."""

    __slots__ = ("_clock", "_database", "_secure", "cookie", "seconds")

    def __init__(self, database: Database, seconds: int, *, secure: bool, clock: Clock = time.time) -> None:
        """`secure` is for production: the cookie then travels over TLS only, and its name says so."""
        self._database = database
        self._clock = clock
        self._secure = secure
        self.seconds = seconds
        self.cookie = "__Host-session" if secure else "session"

    async def begin(self, user: User, request: Request) -> Field:
        """The Set-Cookie field of a new session of `user`; the one that `request` came with, if any, has ended."""
        id = secrets.token_urlsafe(_ID_BYTES)
        old, new, now = _digest(self._id(request) or ""), _digest(id), self._clock()
        text = orjson.dumps([user.id, user.name, user.email, user.provider, sorted(user.scopes)]).decode()

        def change(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM session WHERE digest = ? OR expires <= ?", (old, now))
            connection.execute("INSERT INTO session VALUES (?, ?, ?)", (new, text, now + self.seconds))

        await self._database.change(change)
        return set_cookie(self.cookie, id, max_age=self.seconds, secure=self._secure)

    async def user_of(self, request: Request) -> User | None:
        """Whose session the request belongs to; None for an unknown id, an expired one and for none alike."""
        id = self._id(request)
        if id is None:
            return None
        digest, now = _digest(id), self._clock()
        query = "SELECT user FROM session WHERE digest = ? AND expires > ?"
        row = await self._database.read(lambda connection: connection.execute(query, (digest, now)).fetchone())
        if row is None:
            return None
        sub, name, email, provider, scopes = orjson.loads(row["user"])
        return User(sub, name, email, provider, frozenset(scopes))

    async def end(self, request: Request) -> Field:
        """The Set-Cookie field that makes the browser forget it; the session is gone on every server."""
        digest = _digest(self._id(request) or "")
        await self._database.change(
            lambda connection: connection.execute("DELETE FROM session WHERE digest = ?", (digest,))
        )
        return expired_cookie(self.cookie, secure=self._secure)

    def _id(self, request: Request) -> str | None:
        id = request.cookies.get(self.cookie)
        return id if id is not None and len(id) == _ID_LENGTH else None


def _digest(id: str) -> bytes:
    return hashlib.sha256(id.encode("utf-8", "surrogateescape")).digest()
