"""A store that is locked, full, deleted or broken while it is used: what is answered, and that it is used again."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import orjson
import pytest

from shared_handlers.errors import HTTPError
from shared_handlers.logs import Log
from shared_handlers.nlweb.store import StoreError
from shared_handlers.state import Database, open_database
from shared_handlers.state.schema import TABLES
from shared_handlers.store_faults import answer_to, fault_of, faults_answered

ROW = "INSERT INTO revoked VALUES (hex(randomblob(8)), 1)"
GARBAGE = b"this is no database, whatever its name says " * 2000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "state.sqlite3"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with closing(Log("info", tmp_path / "log")) as found:
        yield found


@pytest.fixture
async def database(path: Path, log: Log) -> AsyncIterator[Database]:
    found = open_database(path.parent, log)
    yield found
    found.close()


def _add(connection: sqlite3.Connection) -> None:
    connection.execute(ROW)


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM revoked").fetchone()[0])


@contextmanager
def holding(path: Path, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Another server's transaction that does not end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(begin)
        yield
        other.execute("ROLLBACK")


async def _status(work: object) -> int:
    with pytest.raises(HTTPError) as raised:
        await work  # type: ignore[misc]
    assert (dict(raised.value.headers).get("Retry-After") is not None) == (raised.value.status == 503)
    return raised.value.status


def _logged(tmp_path: Path, message: str) -> int:
    lines = map(orjson.loads, (tmp_path / "log").read_bytes().splitlines())
    return sum(line["message"] == message for line in lines)


async def test_a_lock_that_another_holds_is_503_soon_for_all_who_wait_and_not_unready(
    database: Database, path: Path
) -> None:
    await database.change(_add)
    loop = asyncio.get_running_loop()
    with holding(path):
        before = loop.time()
        assert await asyncio.gather(*(_status(database.change(_add)) for _ in range(5))) == [503] * 5
        assert loop.time() - before < 9
        assert await database.read(_count) == 1
        assert await database.holds()
    await database.change(_add)
    assert await database.read(_count) == 2


async def test_without_room_a_change_is_507_and_nothing_of_it_is_kept(database: Database) -> None:
    await database.change(_add)

    def fill(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        try:
            connection.execute("INSERT INTO revoked VALUES (hex(zeroblob(100000)), 1)")
        finally:
            connection.execute("PRAGMA max_page_count = 1000000")

    assert await _status(database.change(fill)) == 507
    await database.change(_add)
    assert await database.read(_count) == 2
    assert await database.holds()


def _delete(path: Path) -> None:
    path.unlink()


def _delete_all(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _drop(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE revoked")


@pytest.mark.parametrize("lose", [_delete, _delete_all, _empty], ids=lambda one: one.__name__)
async def test_a_file_that_is_lost_is_made_anew_and_what_is_written_then_is_in_it(
    database: Database, path: Path, lose: Callable[[Path], None]
) -> None:
    """Also from several threads, whose connections are all to the lost file."""
    await database.change(_add)
    await asyncio.gather(*(database.read(_count) for _ in range(20)))
    for _ in range(3):
        lose(path)
        await database.change(_add)
        assert await asyncio.gather(*(database.read(_count) for _ in range(20))) == [1] * 20
        assert await database.holds()
        with closing(sqlite3.connect(path)) as other:
            assert _count(other) == 1
            assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_readiness_alone_makes_a_lost_file_anew(database: Database, path: Path) -> None:
    await database.change(_add)
    path.unlink()
    assert await database.holds()
    assert await database.read(_count) == 0


async def test_two_servers_of_a_store_go_on_in_the_same_new_file(path: Path) -> None:
    one, other = open_database(path.parent), open_database(path.parent)
    try:
        for lose in (_delete, _empty, _delete_all):
            await asyncio.gather(one.change(_add), other.change(_add))
            lose(path)
            await asyncio.gather(*(database.change(_add) for database in [one, other] * 5))
            assert await one.read(_count) == await other.read(_count) == 10
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        one.close()
        other.close()
    with closing(sqlite3.connect(path)) as connection:
        assert _count(connection) == 10, "a server that ended took another one's log away"


async def test_tables_that_are_lost_are_503_and_come_back(database: Database, path: Path) -> None:
    await database.change(_add)
    _drop(path)
    assert await _status(database.change(_add)) == 503
    await database.change(_add)
    assert await database.holds()


async def test_a_mistake_in_a_statement_stays_one(database: Database) -> None:
    for wrong in ("SELECT nothing", "SELECT * FROM nowhere"):
        with pytest.raises(sqlite3.OperationalError):
            await database.read(lambda connection, wrong=wrong: connection.execute(wrong))  # type: ignore[misc]
    assert await database.holds()


async def test_a_file_that_is_no_database_is_left_as_it_is_until_it_is_replaced(
    database: Database, path: Path, tmp_path: Path
) -> None:
    await database.change(_add)
    replacement = tmp_path / "replacement"
    replacement.mkdir()
    open_database(replacement).close()
    other = path.with_name("other")
    other.write_bytes(GARBAGE)
    other.rename(path)
    for _ in range(3):
        assert await _status(database.change(_add)) == 503
        assert await _status(database.read(_count)) == 503
        assert not await database.holds()
    assert path.read_bytes() == GARBAGE
    assert _logged(tmp_path, "the store is broken") == 1
    (replacement / path.name).rename(path)
    await database.change(_add)
    assert await database.holds()
    assert await database.read(_count) == 1
    assert _logged(tmp_path, "the store can be used again") == 1


async def test_a_file_that_is_overwritten_is_503_and_used_again_when_it_is_restored(
    database: Database, path: Path
) -> None:
    await database.change(_add)
    database_file = path.read_bytes()
    path.write_bytes(GARBAGE)
    assert not await database.holds()
    assert await _status(database.read(_count)) == 503
    assert await _status(database.change(_add)) == 503
    for leftover in path.parent.glob("state.sqlite3-*"):
        leftover.unlink()
    path.write_bytes(database_file)
    await database.change(_add)
    assert await database.holds()


async def test_damage_that_a_request_finds_is_unready_until_all_is_sound(database: Database, path: Path) -> None:
    for _ in range(50):
        await database.change(lambda connection: [connection.execute(ROW) for _ in range(20)])
    with closing(sqlite3.connect(path)) as other:
        (root,) = other.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'revoked'").fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    database._let_go()  # pages that are remembered are sound still
    assert await _status(database.change(_add)) == 503
    assert not await database.holds()
    assert not await database.holds()


async def test_a_file_of_a_newer_version_that_comes_meanwhile_is_503(database: Database, path: Path) -> None:
    await database.change(_add)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 999")
    database._let_go()
    database._sound = False
    assert await _status(database.change(_add)) == 503
    assert not await database.holds()


async def test_a_folder_in_place_of_the_file_is_503_and_unready(database: Database, path: Path) -> None:
    await database.change(_add)
    path.unlink()
    path.mkdir()
    assert await _status(database.change(_add)) == 503
    assert not await database.holds()
    path.rmdir()
    await database.change(_add)
    assert await database.holds()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(28, "No space left on device"), 507),
        (OSError(122, "Disk quota exceeded"), 507),
        (OSError(5, "Input/output error"), 503),
        (StoreError("broken"), 503),
    ],
)
def test_errors_of_the_system_are_answered_alike(error: Exception, status: int) -> None:
    with pytest.raises(HTTPError) as raised, faults_answered():
        raise error
    assert raised.value.status == status
    assert str(error) not in raised.value.detail


def test_other_errors_are_no_fault_of_a_store() -> None:
    assert fault_of(sqlite3.ProgrammingError("a mistake")) is None
    assert fault_of(LookupError()) is None
    assert answer_to("locked").status == answer_to("broken").status == 503


def test_so_many_statements_make_so_many_things(path: Path) -> None:
    open_database(path.parent).close()
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute(
            "SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"
        )
        assert made.fetchone() == (len(TABLES),)
