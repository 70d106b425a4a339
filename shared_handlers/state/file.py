"""The file of the state: which one it is, and that everything is in it that has to be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from shared_handlers.nlweb.store import StoreError, locked
from shared_handlers.state.schema import TABLES, VERSION

WAIT_SECONDS = 2.0
"""How long one waits for another server's transaction; each of ours takes milliseconds."""
_MADE = "SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


class StateError(StoreError):
    """The file can't be read or made; the text says which and what to do."""


class FileId(NamedTuple):
    """Which file stands at a path: another one has another inode, as long as the first one is open."""

    device: int
    inode: int
    log: int | None
    """The inode of the write-ahead log beside it, which is there as long as somebody has the file open."""


def file_id(path: Path) -> FileId | None:
    """Which file of state is there; None when there is none, or nothing in it."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileId(found.st_dev, found.st_ino, _inode(_log(path))) if found.st_size else None


def discard_empty(path: Path) -> None:
    """Remove a file with nothing in it: whoever closes the file that it was would write its log into it."""
    with suppress(FileNotFoundError), locked(path.with_suffix(".lock")):
        if path.stat().st_size == 0:
            path.unlink()


def prepare(path: Path, last: FileId | None = None) -> None:
    """Make the file where it is not there, and in it what is not there; StateError, sqlite3.Error, OSError.

    `last` is the file that was there before, if any: where it is gone its log must not be read as another one's. Several
    servers may come at once: whoever is first does it. What is no database is left as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_suffix(".lock")):
        _remove_leftovers(path, last)
        make_private(path)
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            if not is_whole(connection, path):
                with transaction(connection):
                    _make_tables(connection)


def make_private(path: Path) -> None:
    """Let nobody but the owner of the process read the database, made when it is not there, and what SQLite keeps beside it."""
    path.touch(mode=0o600)
    for file in (path, _log(path), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError):
            file.chmod(0o600)


def is_whole(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether every table is there; StateError for a file that this version does not know."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        raise StateError(f"{path} was written by a newer version ({found}; this one knows {VERSION}).")
    (made,) = connection.execute(_MADE).fetchone()
    return bool(found == VERSION and made >= len(TABLES))


def connect(path: Path, seconds: float = WAIT_SECONDS) -> sqlite3.Connection:
    """A connection whose changes are on the disk when they are acknowledged, for whichever thread uses it; it waits so long
    for others."""
    connection = sqlite3.connect(path, timeout=seconds, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        # What was acknowledged is on the disk, whatever happens to the process or the machine.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema")  # opens the log as well
    except BaseException:
        connection.close()  # else the traceback would keep it, and with it what is in memory of the file
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
    """All of what is done within, or nothing when it raises."""
    connection.execute(begin)
    try:
        yield connection
        connection.execute("COMMIT")
    finally:
        # SQLite ends it itself after some errors, as of a full disk, and does not after others, as of a COMMIT that failed.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _remove_leftovers(path: Path, last: FileId | None) -> None:
    """SQLite finds the log by its name: of a file that was deleted or emptied it would be read into the next one."""
    now = file_id(path)
    gone = last is not None and (now is None or (now.device, now.inode) != (last.device, last.inode))
    if gone and last is not None and last.log is not None and _inode(_log(path)) == last.log:
        _log(path).unlink(missing_ok=True)
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
