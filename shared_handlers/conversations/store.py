"""Conversations in the database: each change is one transaction, acknowledged when it is on the disk."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from shared_handlers.conversations.model import Conversation, Kept, Message, NewMessage
from shared_handlers.errors import HTTPError
from shared_handlers.state import Database

Item = TypeVar("Item")
Clock = Callable[[], float]
Check = Callable[[Conversation], None]
"""Raises HTTPError when the state that was found must not be changed."""
_COLUMNS = "seq, id, title, created, updated, version, messages"
_FIRST = 1 << 62


class Page(NamedTuple, Generic[Item]):
    """Some of a list, and where the next ones begin; None at its end."""

    items: list[Item]
    next: int | None


class Conversations:
    """What users keep. What is not the owner's is 404: nobody learns that it is there."""

    __slots__ = ("_clock", "_database", "_max_conversations", "_max_messages")

    def __init__(self, database: Database, max_conversations: int, max_messages: int, clock: Clock = time.time) -> None:
        """So many conversations an owner and messages a conversation: beyond, HTTPError 422."""
        self._database = database
        self._max_conversations = max_conversations
        self._max_messages = max_messages
        self._clock = clock

    async def listed(self, owner: str, before: int | None, limit: int) -> Page[Conversation]:
        """The owner's, newest first, from those made before `before`; what is made meanwhile moves none of them."""
        query = f"SELECT {_COLUMNS} FROM conversation WHERE owner = ? AND seq < ? ORDER BY seq DESC LIMIT ?"  # noqa: S608
        given = (owner, _FIRST if before is None else before, limit + 1)
        found = await self._database.read(
            lambda connection: [Conversation(*row) for row in connection.execute(query, given)]
        )
        return _page(found, limit, found[limit - 1].seq if len(found) > limit else None)

    async def messages(self, owner: str, id: str, after: int | None, limit: int) -> Page[Message]:
        """Its messages, oldest first, from the one behind number `after`."""
        query = (
            "SELECT number, role, content, created, answer FROM message"
            " WHERE conversation = ? AND number > ? ORDER BY number LIMIT ?"
        )

        def read(connection: sqlite3.Connection) -> list[Message]:
            self.find(connection, owner, id)
            return [Message(*row) for row in connection.execute(query, (id, after or 0, limit + 1))]

        found = await self._database.read(read)
        return _page(found, limit, found[limit - 1].number if len(found) > limit else None)

    async def get(self, owner: str, id: str) -> Conversation:
        """One of the owner's."""
        return await self._database.read(lambda connection: self.find(connection, owner, id))

    async def rename(self, owner: str, id: str, title: str, check: Check) -> Conversation:
        """The conversation under another title."""

        def change(connection: sqlite3.Connection) -> Conversation:
            check(self.find(connection, owner, id))
            connection.execute(
                "UPDATE conversation SET title = ?, version = version + 1, updated = ? WHERE id = ?",
                (title, self._clock(), id),
            )
            return self.find(connection, owner, id)

        return await self._database.change(change)

    async def delete(self, owner: str, id: str, check: Check) -> None:
        """Gone, with its messages."""

        def change(connection: sqlite3.Connection) -> None:
            check(self.find(connection, owner, id))
            connection.execute("DELETE FROM conversation WHERE id = ?", (id,))

        await self._database.change(change)

    async def record(self, owner: str, id: str, question: str, answer: str, found: str) -> None:
        """Append a question and its answer, both or none; `found` is JSON."""

        def change(connection: sqlite3.Connection) -> None:
            self.find(connection, owner, id)
            self.append(connection, id, [("user", question, None), ("assistant", answer, found)])

        await self._database.change(change)

    async def migrate(self, owner: str, kept: Sequence[Kept]) -> int:
        """How many were added: all of them or none; those that came before, by the browser's own id, are left as they are."""

        def change(connection: sqlite3.Connection) -> int:
            added = 0
            for one in kept:
                if one.id is None or not _has(connection, owner, one.id):
                    made = self.create(connection, owner, one.title, one.id)
                    self.append(connection, made.id, [(m.role, m.content, None) for m in one.messages])
                    added += 1
            return added

        return await self._database.change(change)

    # Within a transaction of the caller's:

    def create(self, connection: sqlite3.Connection, owner: str, title: str, source: str | None = None) -> Conversation:
        """A new conversation without messages."""
        (count,) = connection.execute("SELECT count(*) FROM conversation WHERE owner = ?", (owner,)).fetchone()
        if count >= self._max_conversations:
            raise HTTPError(422, f"There can be no more than {self._max_conversations} conversations: delete some.")
        id, now = secrets.token_urlsafe(16), self._clock()
        connection.execute(
            "INSERT INTO conversation (id, owner, title, created, updated, version, messages, source)"
            " VALUES (?, ?, ?, ?, ?, 1, 0, ?)",
            (id, owner, title, now, now, source),
        )
        return self.find(connection, owner, id)

    def find(self, connection: sqlite3.Connection, owner: str, id: str) -> Conversation:
        """The owner's conversation of that id; HTTPError 404."""
        query = f"SELECT {_COLUMNS} FROM conversation WHERE id = ? AND owner = ?"  # noqa: S608
        row = connection.execute(query, (id, owner)).fetchone()
        if row is None:
            raise HTTPError(404, "There is no such conversation.")
        return Conversation(*row)

    def add(
        self, connection: sqlite3.Connection, owner: str, id: str, new: NewMessage, check: Check
    ) -> tuple[Message, Conversation]:
        """The message, appended, and the conversation with it."""
        check(self.find(connection, owner, id))
        (message,) = self.append(connection, id, [(new.role, new.content, None)])
        return message, self.find(connection, owner, id)

    def append(
        self, connection: sqlite3.Connection, id: str, new: Iterable[tuple[str, str, str | None]]
    ) -> list[Message]:
        """Role, content and answer of each, at the end of a conversation that is there."""
        (count,) = connection.execute("SELECT messages FROM conversation WHERE id = ?", (id,)).fetchone()
        now = self._clock()
        made = [Message(number, *one[:2], now, one[2]) for number, one in enumerate(new, count + 1)]  # type: ignore[arg-type]
        if count + len(made) > self._max_messages:
            raise HTTPError(422, f"A conversation has no more than {self._max_messages} messages: begin another one.")
        connection.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)", [(id, *message) for message in made])
        connection.execute(
            "UPDATE conversation SET messages = ?, version = version + 1, updated = ? WHERE id = ?",
            (count + len(made), now, id),
        )
        return made


def _has(connection: sqlite3.Connection, owner: str, source: str) -> bool:
    query = "SELECT 1 FROM conversation WHERE owner = ? AND source = ?"
    return connection.execute(query, (owner, source)).fetchone() is not None


def _page(found: list[Item], limit: int, next: int | None) -> Page[Item]:
    return Page(found[:limit], next)
