"""One SQLite file in WAL mode, used by several servers at once; all access is in threads of its own.

A file that is deleted or replaced while it is used would be written to and lost without a word, for it is there as long as
somebody has it open. So each use looks first whether the file that was opened is still the one at its path, and opens anew.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from shared_handlers.logs import Log
from shared_handlers.state.file import (
    WAIT_SECONDS,
    FileId,
    StateError,
    connect,
    discard_empty,
    file_id,
    is_whole,
    prepare,
    transaction,
)
from shared_handlers.store_faults import FAULTS, fault_of, faults_answered

Found = TypeVar("Found")
Query = Callable[[sqlite3.Connection], Found]
NAME = "state.sqlite3"
_READERS = 4
_LEAST_WAIT = 0.05
"""Seconds for the file's lock, of whoever has waited long enough for other changes of this server."""
_CHECK_SECONDS = 2.0
_TRIES = 3


class Database:
    """Each read sees one state of the file, each change is one transaction: all of it, on the disk, or nothing.

    HTTPError 503 when another one holds the file for too long or it is broken, 507 when there is no room for a change.
    """

    __slots__ = (
        "_broken",
        "_checker",
        "_checking",
        "_file",
        "_local",
        "_log",
        "_noting",
        "_opening",
        "_path",
        "_readers",
        "_slots",
        "_sound",
        "_writer",
    )  # fmt: skip

    def __init__(self, path: Path, log: Log | None = None) -> None:
        self._path = path
        self._log = log
        self._local = threading.local()
        self._slots: list[_Slot] = []
        self._file: FileId | None = None
        """The one that was opened last."""
        self._sound = False
        """Whether it was prepared, and nothing was found to be wrong since."""
        self._opening = threading.Lock()
        self._noting = threading.Lock()
        self._broken = False
        self._checking: Future[bool] | None = None
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="state")
        # Changes exclude each other anyway; here they wait without holding a reader.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="state-writer")
        self._checker = ThreadPoolExecutor(1, thread_name_prefix="state-check")

    async def read(self, query: Query[Found]) -> Found:
        """What `query` finds; it runs in another thread and must not change anything."""
        return await self._run(self._readers, query, "BEGIN")

    async def change(self, change: Query[Found]) -> Found:
        """What `change` gives, once it is on the disk; what it raises undoes all of it.

        A request that is cancelled meanwhile does not undo it: it may have been done.
        """
        return await self._run(self._writer, change, "BEGIN IMMEDIATE")

    async def holds(self) -> bool:
        """Whether the file can be read and changed; a lock that another one holds does not count. One that is gone is made
        anew. What takes longer than two seconds fails."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CHECK_SECONDS):
                return await asyncio.shield(asyncio.wrap_future(self._check()))
        return False

    def close(self) -> None:
        """Wait for what is under way and let go of the file."""
        for pool in (self._readers, self._writer, self._checker):
            pool.shutdown()
        self._let_go()

    async def _run(self, pool: ThreadPoolExecutor, query: Query[Found], begin: str) -> Found:
        deadline = time.monotonic() + WAIT_SECONDS
        with faults_answered():
            return await asyncio.get_running_loop().run_in_executor(pool, self._work, query, begin, deadline)

    def _work(self, query: Query[Found], begin: str, deadline: float) -> Found:
        try:
            found = self._answer(query, begin, deadline)
        except FAULTS as error:
            raise self._noted(error) from error.__cause__
        if self._broken:
            self._check()
        return found

    def _answer(self, query: Query[Found], begin: str, deadline: float) -> Found:
        slot = self._slot()
        for _ in range(_TRIES):
            self._open(slot)
            with slot.lock:
                if slot.connection is None:
                    continue  # another thread has let go of it, since the file was replaced
                wait = max(_LEAST_WAIT, deadline - time.monotonic())
                slot.connection.execute(f"PRAGMA busy_timeout = {int(wait * 1e3)}")
                with transaction(slot.connection, begin) as connection:
                    return query(connection)
        raise StateError(f"{self._path} is replaced again and again")

    def _slot(self) -> _Slot:
        slot: _Slot | None = getattr(self._local, "slot", None)
        if slot is None:
            slot = self._local.slot = _Slot()
            with self._opening:
                self._slots.append(slot)
        return slot

    def _open(self, slot: _Slot) -> None:
        """Connect to the file that is there now, made where it is not."""
        if slot.connection is not None and slot.file == file_id(self._path):
            return
        with self._opening:
            slot.close()
            if not self._sound or self._file != file_id(self._path):
                discard_empty(self._path)
                self._close_all()
                prepare(self._path, self._file)
                self._sound = True
            slot.connection = connect(self._path)
            slot.file = self._file = file_id(self._path)

    def _let_go(self) -> None:
        with self._opening:
            self._close_all()

    def _close_all(self) -> None:
        """Of one process all connections to a file share what is in memory of it: so all of them have to go."""
        for slot in self._slots:
            slot.close()

    def _noted(self, error: Exception) -> Exception:
        """The same error, or what is behind it; what is broken is logged once, and opened anew when it is needed again."""
        if _names_something_missing(error) and not self._is_whole():
            error = StateError(f"{self._path} has lost tables")
        if fault_of(error) == "broken":
            with self._noting:
                first, self._broken = not self._broken, True
            if first and self._log is not None:
                self._log.failure("the store is broken", error, path=self._path)
            with self._opening:
                self._close_all()
                self._sound = False
        return error

    def _is_whole(self) -> bool:
        with suppress(*FAULTS), closing(connect(self._path)) as connection:
            return is_whole(connection, self._path)
        return False

    def _check(self) -> Future[bool]:
        """The check under way, else a new one."""
        with self._noting:
            if self._checking is None or self._checking.done():
                self._checking = self._checker.submit(self._checked)
            return self._checking

    def _checked(self) -> bool:
        try:
            self._open(self._slot())
            with closing(connect(self._path, 0.0)) as connection:
                self._try(connection)
        except FAULTS as error:
            if fault_of(error) == "broken":
                self._noted(error)
            return not self._broken
        with self._noting:
            again, self._broken = self._broken, False
        if again and self._log is not None:
            self._log.event("warning", "the store can be used again", path=self._path)
        return True

    def _try(self, connection: sqlite3.Connection) -> None:
        if not is_whole(connection, self._path):
            raise StateError(f"{self._path} has lost tables")
        # All of it is looked at only after something in it was found to be wrong: that may take a while.
        if self._broken and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise StateError(f"{self._path} is damaged")
        with transaction(connection):
            pass  # it can be changed


class _Slot:
    """What one thread has open."""

    __slots__ = ("connection", "file", "lock")

    def __init__(self) -> None:
        self.connection: sqlite3.Connection | None = None
        self.file: FileId | None = None
        self.lock = threading.Lock()
        """Held while the connection is used."""

    def close(self) -> None:
        """Wait until it is not in use, and let go of the file."""
        with self.lock:
            if self.connection is not None:
                self.connection.close()
                self.connection = None


def _names_something_missing(error: Exception) -> bool:
    """SQLite has one code for a mistake in a statement and for a table that is gone."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def open_database(folder: Path, log: Log | None = None) -> Database:
    """The database in `folder`, made when it is not there; StateError.

    Several servers may come at once: the tables are made in one transaction, by whoever is first.
    """
    path = folder / NAME
    try:
        prepare(path)
    except (OSError, sqlite3.Error) as error:
        raise StateError(f"cannot open {path}: {error}. Set nlweb.store to a writable folder.") from error
    return Database(path, log)
