"""The file that holds the index: built once by whoever comes first, whole or not there at all."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from shared_handlers.store_faults import StoreError as StoreError

Build = Callable[[sqlite3.Connection], None]
_LOCK_SECONDS = 60.0
_POLL_SECONDS = 0.05
_APPLICATION_ID = 0x4E4C5745
"""`PRAGMA application_id` of a store that was finished."""


def ensure(directory: Path, version: str, build: Build, damaged: Callable[[Path], None] = lambda path: None) -> Path:
    """The path of a sound store of this version, built by `build` if there is none.

    Safe to be called by several processes at once: one builds, the others wait for it, 60 s at most. A damaged
    file is told to `damaged` and built anew. Raises StoreError.
    """
    path = directory / f"content-{version}.sqlite3"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with locked(directory / "content.lock"):
            if path.exists() and not _sound(path):
                damaged(path)
                path.unlink()
            if not path.exists():
                _build(path, build)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"cannot make the search index {path}: {error}. Set nlweb.store to a writable folder."
        ) from error
    return path


def connect(path: Path) -> sqlite3.Connection:
    """A connection that can only read, for whichever thread uses it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def _build(path: Path, build: Build) -> None:
    # Of a process that was killed, its journal too: the lock is ours now.
    for leftover in path.parent.glob("content-*.building*"):
        leftover.unlink(missing_ok=True)
    building = path.with_suffix(f".{os.getpid()}.building")
    with closing(sqlite3.connect(building)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # a torn file is never renamed; fsync follows below
        build(connection)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.commit()
    _flush(building)
    building.rename(path)
    _flush(path.parent)


def _sound(path: Path) -> bool:
    try:
        with closing(connect(path)) as connection:
            finished = connection.execute("PRAGMA application_id").fetchone() == (_APPLICATION_ID,)
            return finished and connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.Error:
        return False


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file; the system lets go of it when the process ends, however it ends."""
    with path.open("a") as lock:
        deadline = time.monotonic() + _LOCK_SECONDS
        while not _try_lock(lock.fileno()):
            if time.monotonic() > deadline:
                raise StoreError(f"{path} has been locked for {_LOCK_SECONDS:.0f} s: another server is stuck; stop it.")
            time.sleep(_POLL_SECONDS)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
