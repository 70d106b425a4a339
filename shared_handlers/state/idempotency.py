"""Requests that are carried out once, however often they come (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import time
from collections.abc import Callable
from typing import Final

import orjson

from shared_handlers.ascii import strip
from shared_handlers.errors import HTTPError
from shared_handlers.message import Request, Response
from shared_handlers.state.database import Database

KEPT: Final = 86_400.0
"""Seconds for which an answer is repeated."""
# The draft's key is a quoted string (RFC 9651); many clients send it bare.
_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([!#-\x5b\x5d-\x7e]{1,255})')
Work = Callable[[sqlite3.Connection], Response]
Clock = Callable[[], float]


class Idempotency:
    """Answers a request that comes again, with the same Idempotency-Key, as it was answered the first time."""

    __slots__ = ("_clock", "_database")

    def __init__(self, database: Database, clock: Clock = time.time) -> None:
        self._database = database
        self._clock = clock

    async def once(self, request: Request, owner: str, work: Work) -> Response:
        """What `work` answers, whole, in one transaction with the key: neither is there without the other.

        What `work` raises leaves nothing, so the key may be tried again. HTTPError 400 for a malformed key; 422 when
        it came with another request (section 2.7).
        """
        key = _key(request)
        if key is None:
            return await self._database.change(work)
        asked = await _digest(request)

        def change(connection: sqlite3.Connection) -> Response:
            now = self._clock()
            connection.execute("DELETE FROM idempotency WHERE expires <= ?", (now,))
            known = connection.execute(
                "SELECT request, status, fields, content FROM idempotency WHERE owner = ? AND key = ?", (owner, key)
            ).fetchone()
            if known is not None:
                if known["request"] != asked:
                    raise HTTPError(422, "This Idempotency-Key came with another request before.")
                return Response(known["status"], map(tuple, orjson.loads(known["fields"])), known["content"])
            answer = work(connection)
            fields = orjson.dumps(answer.headers).decode()
            connection.execute(
                "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?)",
                (owner, key, asked, answer.status, fields, answer.body, now + KEPT),
            )
            return answer

        return await self._database.change(change)


def _key(request: Request) -> str | None:
    lines = request.headers.getall("Idempotency-Key", None)
    if lines is None:
        return None
    match = _KEY.fullmatch(strip(lines[0]))
    if len(lines) > 1 or match is None:
        raise HTTPError(400, "The Idempotency-Key must be one text of at most 255 visible characters.")
    return match[1] or match[2]


async def _digest(request: Request) -> bytes:
    """What makes it the same request: method, target and content."""
    digest = hashlib.sha256(f"{request.method} {request.target}\n".encode("utf-8", "surrogateescape"))
    digest.update(await request.body.read())
    return digest.digest()
