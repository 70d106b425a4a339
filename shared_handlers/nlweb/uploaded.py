"""Sites that users have uploaded: one more file beside the index, which every server reads and writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from shared_handlers.nlweb import database, search
from shared_handlers.nlweb.index import Index
from shared_handlers.nlweb.items import Item
from shared_handlers.nlweb.search import MAX_HITS, Hit
from shared_handlers.state.database import Database, open_database

NAME = "uploaded.sqlite3"
_MAX_NAMES = 500


class TooManyItems(Exception):
    """There are more than may be uploaded at once."""


class Abandoned(Exception):
    """Nobody waits for it any more; nothing was kept."""


class Uploaded:
    """Asked by name only: what one user uploads is in no answer to a question about other sites."""

    __slots__ = ("_database", "_max_items")

    def __init__(self, folder: Path, max_items: int) -> None:
        self._database: Database = open_database(folder, NAME, database.TABLES, database.FORMAT)
        self._max_items = max_items

    async def add(self, site: str, items: Iterable[Item], abandoned: threading.Event) -> int:
        """How many items were added, all of them or none; the site is made when there is none. Those of a URL that is there
        take its place. What `items` raises, TooManyItems and Abandoned leave everything as it was."""

        def change(connection: sqlite3.Connection) -> int:
            connection.execute("INSERT OR IGNORE INTO site (name, url, description) VALUES (?, '', '')", (site,))
            (id,) = connection.execute("SELECT id FROM site WHERE name = ?", (site,)).fetchone()
            count = 0
            for count, item in enumerate(items, 1):
                if abandoned.is_set():
                    raise Abandoned
                if count > self._max_items:
                    raise TooManyItems
                database.put(connection, id, item)
            return count

        return await self._database.change(change)

    async def known(self, names: Collection[str]) -> frozenset[str]:
        """Those of the names that are sites here."""
        wanted = sorted(names)[:_MAX_NAMES]
        query = f"SELECT name FROM site WHERE name IN ({','.join('?' * len(wanted))})"  # noqa: S608
        return await self._database.read(
            lambda connection: frozenset(row[0] for row in connection.execute(query, wanted))
        )

    async def search(self, query: str, sites: Sequence[str], limit: int) -> list[Hit]:
        """The best hits in these sites, as Index.search has them."""

        def find(connection: sqlite3.Connection) -> list[Hit]:
            tokens = [token for site, token in search.read_sites(connection).items() if site.name in sites]
            return search.search(connection, query, tokens, limit) if tokens else []

        return await self._database.read(find)

    def close(self) -> None:
        self._database.close()


class Library:
    """The configured sites and the uploaded ones, as one."""

    __slots__ = ("_index", "_uploaded")

    def __init__(self, index: Index, uploaded: Uploaded) -> None:
        self._index = index
        self._uploaded = uploaded

    async def search(self, query: str, sites: Sequence[str], limit: int = MAX_HITS) -> list[Hit]:
        """The best hits in these sites: by score, highest first, then URL."""
        configured = [site for site in sites if site in self._index.sites]
        uploaded = [site for site in sites if site not in self._index.sites]
        hits = await self._index.search(query, configured, limit) if configured else []
        if not uploaded:
            return hits
        hits = [*hits, *await self._uploaded.search(query, uploaded, limit)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.url))[:limit]
