from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from shared_handlers.nlweb.store import StoreError
from shared_handlers.state import open_database


def _add(connection: sqlite3.Connection, id: str) -> None:
    connection.execute("INSERT INTO revoked VALUES (?, 1)", (id,))


def _count(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM revoked").fetchone()
    return int(count)


async def test_what_several_servers_change_at_once_is_all_there(tmp_path: Path) -> None:
    one, other = open_database(tmp_path), open_database(tmp_path)
    try:
        changes = [db.change(partial(_add, id=str(n))) for n, db in enumerate([one, other] * 50)]
        await asyncio.gather(*changes)
        assert await one.read(_count) == await other.read(_count) == 100
    finally:
        one.close()
        other.close()


async def test_a_change_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path)

    def fails(connection: sqlite3.Connection) -> None:
        _add(connection, "a")
        raise LookupError

    try:
        with pytest.raises(LookupError):
            await database.change(fails)
        assert await database.read(_count) == 0
        await database.change(lambda connection: _add(connection, "a"))
        assert await database.read(_count) == 1
    finally:
        database.close()


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    with sqlite3.connect(tmp_path / "state.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        open_database(tmp_path)


def test_a_file_that_is_none_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StoreError, match=r"cannot open .*nlweb\.store"):
        open_database(tmp_path)


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    assert (tmp_path / "state.sqlite3").stat().st_mode & 0o077 == 0
