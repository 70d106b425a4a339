"""One SQLite file in WAL mode, used by several servers at once; all access is in threads of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
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
        with _transaction(self._connection()) as connection:
            return change(connection)

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            made = self._local.connection = _connect(self._path)
            with self._opening:
                self._connections.append(made)
        connection: sqlite3.Connection = self._local.connection
        return connection


def open_database(folder: Path, name: str = NAME, tables: Sequence[str] = TABLES, version: int = VERSION) -> Database:
    """The database of that name in `folder`, made when it is not there; StateError.

    `tables` are statements that make what is not there; a file of a higher `version` is refused.

    Several servers may come at once: the tables are made in one transaction, by whoever is first.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with closing(_connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with _transaction(connection):
                _make_tables(connection, path, tables, version)
    except (OSError, sqlite3.Error) as error:
        raise StateError(f"cannot open {path}: {error}. Set nlweb.store to a writable folder.") from error
    return Database(path)


def _make_tables(connection: sqlite3.Connection, path: Path, tables: Sequence[str], version: int) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > version:
        raise StateError(f"{path} was written by a newer version ({found}; this one knows {version}).")
    for statement in tables:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    # What was acknowledged is on the disk, whatever happens to the process or the machine.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
