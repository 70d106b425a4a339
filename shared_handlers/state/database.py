"""One SQLite file in WAL mode, used by several servers at once; all access is in threads of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from shared_handlers.nlweb.store import StoreError
from shared_handlers.state.schema import TABLES, VERSION

Found = TypeVar("Found")
NAME = "state.sqlite3"
_READERS = 4
_BUSY_SECONDS = 10.0
"""How long one waits for another server's transaction; each of ours takes milliseconds."""


class StateError(StoreError):
    """The file can't be read or made; the text says which and what to do."""


class Database:
    """Each read sees one state of the file, each change is one transaction: all of it, on the disk, or nothing."""

    __slots__ = ("_connections", "_local", "_opening", "_path", "_readers", "_writer")

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="state")
        # Changes exclude each other anyway; here they wait without holding a reader.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="state-writer")

    async def read(self, query: Callable[[sqlite3.Connection], Found]) -> Found:
        """What `query` finds; it runs in another thread and must not change anything."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._reading, query)

    async def change(self, change: Callable[[sqlite3.Connection], Found]) -> Found:
        """What `change` gives, once it is on the disk; what it raises undoes all of it.

        A request that is cancelled meanwhile does not undo it: it may have been done.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._changing, change)

    def close(self) -> None:
        """Wait for what is under way and let go of the file."""
        self._readers.shutdown()
        self._writer.shutdown()
        for connection in self._connections:
            connection.close()

    def _reading(self, query: Callable[[sqlite3.Connection], Found]) -> Found:
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            return query(connection)
        finally:
            connection.execute("ROLLBACK")

    def _changing(self, change: Callable[[sqlite3.Connection], Found]) -> Found:
        with transaction(self._connection()) as connection:
            return change(connection)

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            made = self._local.connection = connect(self._path)
            with self._opening:
                self._connections.append(made)
        connection: sqlite3.Connection = self._local.connection
        return connection


def open_database(folder: Path) -> Database:
    """The database in `folder`, made when it is not there; StateError.

    Several servers may come at once: the tables are made in one transaction, by whoever is first.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        make_private(path)
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with transaction(connection):
                _make_tables(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise StateError(f"cannot open {path}: {error}. Set nlweb.store to a writable folder.") from error
    return Database(path)


def make_private(path: Path) -> None:
    """Let nobody but the owner of the process read the database, made when it is not there, and what SQLite keeps beside it."""
    path.touch(mode=0o600)
    for file in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))):
        with suppress(FileNotFoundError):
            file.chmod(0o600)


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        raise StateError(f"{path} was written by a newer version ({found}; this one knows {VERSION}).")
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose changes are on the disk when they are acknowledged, for whichever thread uses it."""
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    # What was acknowledged is on the disk, whatever happens to the process or the machine.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of what is done within, or nothing when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
