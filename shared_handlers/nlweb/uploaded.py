"""Sites that users have uploaded: a file for each, which every server of the store reads and writes."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from shared_handlers.nlweb import database, search
from shared_handlers.nlweb.index import Index
from shared_handlers.nlweb.items import Item
from shared_handlers.nlweb.search import MAX_HITS, Hit
from shared_handlers.state.file import connect, transaction
from shared_handlers.store_faults import faults_answered

Found = TypeVar("Found")
_THREADS = 4
_MAX_NAMES = 100


class TooManyItems(Exception):
    """There are more than may be uploaded at once."""


class Abandoned(Exception):
    """Nobody waits for it any more; nothing was kept."""


class Uploaded:
    """Asked by name only: what one user uploads is in no answer to a question about other sites, and weighs on none of their
    scores."""

    __slots__ = ("_folder", "_max_items", "_pool")

    def __init__(self, folder: Path, max_items: int) -> None:
        """`folder` is the store's; it takes `max_items` at once."""
        self._folder = folder / "uploaded"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._max_items = max_items
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="uploaded")

    async def add(self, site: str, items: Iterable[Item], abandoned: threading.Event) -> int:
        """How many items were added, all of them or none; HTTPError 503 and 507 for what the store can't do; the site is made when there is none. Those of a URL that is there
        take its place. What `items` raises, TooManyItems and Abandoned leave everything as it was."""
        return await self._run(lambda: self._add(site, items, abandoned))

    async def known(self, names: Collection[str]) -> frozenset[str]:
        """Those of the names that are sites here."""
        asked = sorted(names)[:_MAX_NAMES]
        return await self._run(lambda: frozenset(name for name in asked if self._read(name, _is_there)))

    async def search(self, query: str, sites: Sequence[str], limit: int) -> list[Hit]:
        """The best hits in these sites: by score, highest first, then URL."""

        def find() -> list[Hit]:
            found = [self._read(site, lambda one: search.search(one, query, (), limit)) or [] for site in sites]
            return sorted((hit for hits in found for hit in hits), key=lambda hit: (-hit.score, hit.url))[:limit]

        return await self._run(find)

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown()

    async def _run(self, work: Callable[[], Found]) -> Found:
        with faults_answered():
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _path(self, site: str) -> Path:
        # A digest, for a name that a client gives must be no path.
        return self._folder / f"{hashlib.sha256(site.encode()).hexdigest()[:32]}.sqlite3"

    def _read(self, site: str, question: Callable[[sqlite3.Connection], Found]) -> Found | None:
        path = self._path(site)
        if not path.exists():
            return None
        with closing(connect(path)) as connection:
            return question(connection) if _is_there(connection) else None

    def _add(self, site: str, items: Iterable[Item], abandoned: threading.Event) -> int:
        count = 0
        self._folder.mkdir(parents=True, exist_ok=True)
        with closing(connect(self._path(site))) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with transaction(connection):
                id = _made(connection, site)
                for count, item in enumerate(items, 1):
                    if abandoned.is_set():
                        raise Abandoned
                    if count > self._max_items:
                        raise TooManyItems
                    database.put(connection, id, item)
        return count


def _made(connection: sqlite3.Connection, site: str) -> int:
    """The id of the site, with everything that it needs."""
    for statement in database.TABLES:
        connection.execute(statement)
    connection.execute("INSERT OR IGNORE INTO site (name, url, description) VALUES (?, '', '')", (site,))
    id: int = connection.execute("SELECT id FROM site").fetchone()[0]
    return id


def _is_there(connection: sqlite3.Connection) -> bool:
    """An upload that failed leaves a file without tables."""
    query = "SELECT 1 FROM sqlite_schema WHERE name = 'item_text'"
    return connection.execute(query).fetchone() is not None


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
