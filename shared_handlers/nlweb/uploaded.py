"""Sites that users have uploaded: a file for each, which every server of the store reads and writes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from shared_handlers.nlweb import database, search
from shared_handlers.nlweb.items import Item
from shared_handlers.nlweb.search import Hit
from shared_handlers.nlweb.sources import Check
from shared_handlers.state.file import connect, make_private, transaction
from shared_handlers.store_faults import faults_answered

Found = TypeVar("Found")
_READERS, _WRITERS = 4, 2
"""Threads that answer questions, and others that index: no upload keeps a question waiting."""
_MOST_UPLOADS = 8
"""How many are indexed or wait for it."""
_MAX_NAMES = 100
_OWNER = """CREATE TABLE IF NOT EXISTS upload (
    id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, public INTEGER NOT NULL
)"""
"""One row: whose site it is, and whether others may ask it."""


class Upload(NamedTuple):
    """What is said about a site by whoever uploads to it."""

    site: str
    owner: str
    """The key of the user."""
    public: bool = False
    """Whether others may ask it, from now on."""


class TooManyItems(Exception):
    """There are more than may be uploaded at once."""


class TooManyUploads(Exception):
    """So many are being indexed that this one would wait for long."""


class NotYours(Exception):
    """The site is another user's."""


class Abandoned(Exception):
    """Nobody waits for it any more; nothing was kept."""


class Uploaded:
    """Asked by name only: what one user uploads is in no answer to a question about other sites, and weighs on none of their
    scores. A site is its owner's: others can't add to it, and can't tell it from one that is not there, unless it is public.
    """

    __slots__ = ("_folder", "_max_items", "_readers", "_room", "_writers")

    def __init__(self, folder: Path, max_items: int) -> None:
        """`folder` is the store's; it takes `max_items` at once."""
        self._folder = folder / "uploaded"
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob("*.sqlite3"):
            make_private(path)
        self._max_items = max_items
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="uploaded")
        self._writers = ThreadPoolExecutor(_WRITERS, thread_name_prefix="uploads")
        self._room = threading.Semaphore(_MOST_UPLOADS)

    async def add(self, upload: Upload, items: Callable[[Check], Iterable[Item]]) -> int:
        """How many items were added, all of them or none; the site is made when there is none. Those of a URL that is there
        take its place. HTTPError 503 and 507 for what the store can't do.

        `items` calls the check that it is given often: when this call is cancelled, reading and indexing stop there, before
        the cancellation goes on, so that the files can be closed. What `items` raises, NotYours, TooManyItems and
        TooManyUploads leave everything as it was.
        """
        if not self._room.acquire(blocking=False):
            raise TooManyUploads
        abandoned = threading.Event()
        work = self._writers.submit(self._add, upload, items, abandoned)
        work.add_done_callback(lambda _: self._room.release())
        done = asyncio.wrap_future(work)
        try:
            await asyncio.wait((done,))
        except asyncio.CancelledError:
            abandoned.set()
            work.cancel()
            await asyncio.wait((done,))
            _ = done.cancelled() or done.exception()  # seen: nobody is left to be told
            raise
        with faults_answered():
            return done.result()

    async def visible(self, names: Collection[str], user: str | None) -> frozenset[str]:
        """Those of the names that are sites here which the user of this key, or anybody, may ask."""
        asked = sorted(names)[:_MAX_NAMES]

        def may_ask(connection: sqlite3.Connection) -> bool:
            owner, public = connection.execute("SELECT owner, public FROM upload").fetchone()
            return bool(public) or owner == user

        return await self._run(lambda: frozenset(name for name in asked if self._read(name, may_ask)))

    async def search(self, query: str, sites: Sequence[str], limit: int) -> list[Hit]:
        """The best hits in these sites: by score, highest first, then URL."""

        def find() -> list[Hit]:
            found = [self._read(site, lambda one: search.search(one, query, (), limit)) or [] for site in sites]
            return sorted((hit for hits in found for hit in hits), key=lambda hit: (-hit.score, hit.url))[:limit]

        return await self._run(find)

    def close(self) -> None:
        """Wait for what is under way."""
        self._readers.shutdown()
        self._writers.shutdown()

    async def _run(self, work: Callable[[], Found]) -> Found:
        with faults_answered():
            return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def _path(self, site: str) -> Path:
        # A digest, for a name that a client gives must be no path.
        return self._folder / f"{hashlib.sha256(site.encode()).hexdigest()[:32]}.sqlite3"

    def _read(self, site: str, question: Callable[[sqlite3.Connection], Found]) -> Found | None:
        path = self._path(site)
        if not path.exists():
            return None
        with closing(connect(path)) as connection:
            return question(connection) if _is_there(connection) else None

    def _add(self, upload: Upload, items: Callable[[Check], Iterable[Item]], abandoned: threading.Event) -> int:
        def check() -> None:
            if abandoned.is_set():
                raise Abandoned

        path = self._path(upload.site)
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            _make(path)
        count = 0
        with closing(connect(path)) as connection, transaction(connection):
            id = _opened(connection, upload)
            for count, item in enumerate(items(check), 1):
                check()
                if count > self._max_items:
                    raise TooManyItems
                database.put(connection, id, item)
        return count


def _make(path: Path) -> None:
    """Put an empty database there in one step: of two servers that make it, one wins, and neither finds it half made."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="new-")  # nobody else may read it
    os.close(descriptor)
    try:
        with closing(connect(Path(name))) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        with suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()


def _opened(connection: sqlite3.Connection, upload: Upload) -> int:
    """The id of the site, made with everything that it needs if it is new. Raises NotYours."""
    for statement in (*database.TABLES, _OWNER):
        connection.execute(statement)
    if connection.execute("SELECT 1 FROM site").fetchone() is None:
        connection.execute("INSERT INTO site (name, url, description) VALUES (?, '', '')", (upload.site,))
        connection.execute("INSERT INTO upload VALUES (1, ?, ?)", (upload.owner, upload.public))
    # A site without an owner was uploaded before sites had any: it is nobody's.
    if connection.execute("SELECT 1 FROM upload WHERE owner = ?", (upload.owner,)).fetchone() is None:
        raise NotYours
    connection.execute("UPDATE upload SET public = ?", (upload.public,))
    id: int = connection.execute("SELECT id FROM site").fetchone()[0]
    return id


def _is_there(connection: sqlite3.Connection) -> bool:
    """An upload that failed leaves a file without tables; a site without an owner is not there for anybody."""
    query = "SELECT 1 FROM sqlite_schema WHERE name = 'upload'"
    return connection.execute(query).fetchone() is not None
