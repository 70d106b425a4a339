"""Logins under way: begun on one server, they may end on another, once, and in the browser that began them."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from shared_handlers.errors import HTTPError
from shared_handlers.state import Database

SECONDS: Final = 600
"""How long somebody may take at the provider."""
Clock = Callable[[], float]


class Login(NamedTuple):
    """What has to be known when the browser comes back."""

    provider: str
    verifier: str
    """RFC 7636 section 4.1."""
    next: str
    """The page of this site that is shown then."""


class Logins:
    """Kept by digests: who reads the file can finish none of them."""

    __slots__ = ("_clock", "_database")

    def __init__(self, database: Database, clock: Clock = time.time) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, login: Login) -> tuple[str, str]:
        """The `state` that goes through the provider, and what the browser has to keep meanwhile."""
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        now = self._clock()

        def change(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM login WHERE expires <= ?", (now,))
            connection.execute(
                "INSERT INTO login VALUES (?, ?, ?, ?, ?, ?)",
                (_digest(state), _digest(browser), *login, now + SECONDS),
            )

        await self._database.change(change)
        return state, browser

    async def end(self, provider: str, state: str, browser: str) -> Login:
        """The login of this state, which is over with that; HTTPError 400 when it is none, too old, or another browser's
        (RFC 6749 section 10.12)."""
        now = self._clock()

        def change(connection: sqlite3.Connection) -> sqlite3.Row | None:
            found: sqlite3.Row | None = connection.execute(
                "SELECT * FROM login WHERE state = ? AND expires > ?", (_digest(state), now)
            ).fetchone()
            connection.execute("DELETE FROM login WHERE state = ?", (_digest(state),))
            return found

        row = await self._database.change(change)
        if row is None or row["browser"] != _digest(browser) or row["provider"] != provider:
            raise HTTPError(400, "This login was not begun here, is over already, or took too long: begin again.")
        return Login(row["provider"], row["verifier"], row["next"])


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
