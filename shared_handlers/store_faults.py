"""What a store can't do, as answers: one that is locked, one whose disk is full, one that is broken."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from shared_handlers.errors import HTTPError


class StoreError(Exception):
    """The store can't be read or made; the text says which file and what to do."""


Fault = Literal["locked", "full", "broken"]
RETRY_SECONDS = 5
FAULTS = (sqlite3.Error, OSError, StoreError)
"""What may be one."""
_RETRY = (("Retry-After", str(RETRY_SECONDS)),)
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_BROKEN = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_SCHEMA,
    }
)  # fmt: skip
# A quota and a limit of the file's size are told apart from other failures of a write by `errno` only, which SQLite keeps
# for itself; so is a full disk where it is the shared memory that grows.
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def fault_of(error: BaseException) -> Fault | None:
    """Which fault of a store the error tells of; None for a mistake in what was asked of it.

    By SQLite's result code, whose lowest byte is the primary one (https://sqlite.org/rescode.html); never by its text.
    """
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)  # errors of the module itself have none
        if code is None:
            return None
        if code in _FULL or code & 0xFF in _FULL:
            return "full"
        return "locked" if code & 0xFF in _LOCKED else "broken" if code & 0xFF in _BROKEN else None
    if isinstance(error, OSError):
        return "full" if error.errno in _NO_SPACE else "broken"
    return "broken" if isinstance(error, StoreError) else None


def answer_to(fault: Fault) -> HTTPError:
    """503 with Retry-After (RFC 9110 section 15.6.4), or 507 (RFC 4918 section 11.5); what exactly it is, is for the log."""
    if fault == "full":
        return HTTPError(507, "There is no room left to keep this.")
    if fault == "locked":
        return HTTPError(503, "The store is in use: come again soon.", _RETRY)
    return HTTPError(503, "The store can't be used now.", _RETRY)


@contextmanager
def faults_answered() -> Iterator[None]:
    """HTTPError 503 or 507 for what a store could not do within; anything else is raised as it is."""
    try:
        yield
    except FAULTS as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise answer_to(fault) from error
