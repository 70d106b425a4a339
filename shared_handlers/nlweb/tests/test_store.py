"""The file of the index: made once, whole, and made again when it is damaged."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from shared_handlers.logs import Log
from shared_handlers.nlweb import store
from shared_handlers.nlweb.content import open_index
from shared_handlers.nlweb.store import StoreError
from shared_handlers.settings import Nlweb

OPEN = """
import sys
from pathlib import Path
from shared_handlers.logs import Log
from shared_handlers.nlweb import content, database
from shared_handlers.settings import Nlweb
create = database.create
def told(*arguments):
    print("built")
    create(*arguments)
database.create = told
print("ready", flush=True)
sys.stdin.readline()
index = content.open_index(Nlweb(store=Path(sys.argv[1])), Log())
print(*index.sites)
index.close()
"""


def build(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE word (text TEXT)")
    connection.execute("INSERT INTO word VALUES ('whole')")


def words(path: Path) -> list[tuple[str]]:
    with closing(store.connect(path)) as connection:
        return connection.execute("SELECT text FROM word").fetchall()


def test_of_three_processes_that_start_at_once_one_builds_and_all_can_read(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, tmp_path / "new" / "folder"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes = [process.communicate(timeout=60) for process in processes]
    assert [errors for _, errors in outcomes] == ["", "", ""]
    printed = [out.splitlines() for out, _ in outcomes]
    assert [lines[-1] for lines in printed] == ["http_status python_docs"] * 3
    assert sum("built" in lines for lines in printed) == 1
    assert len(list((tmp_path / "new" / "folder").glob("content-*"))) == 1


def test_a_store_of_this_version_is_not_built_again(tmp_path: Path) -> None:
    path = store.ensure(tmp_path, "1", build)
    made = path.stat()
    assert store.ensure(tmp_path, "1", build) == path
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


def test_another_version_gets_a_file_of_its_own(tmp_path: Path) -> None:
    assert store.ensure(tmp_path, "1", build) != store.ensure(tmp_path, "2", build)


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_store_is_told_of_and_built_anew(tmp_path: Path, damage: bytes) -> None:
    path = store.ensure(tmp_path, "1", build)
    path.write_bytes(damage)
    told: list[Path] = []
    assert store.ensure(tmp_path, "1", build, told.append) == path
    assert told == [path]
    assert words(path) == [("whole",)]


def test_a_store_damaged_in_its_middle_is_built_anew(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = Nlweb(store=tmp_path)
    open_index(settings, Log()).close()
    path = next(tmp_path.glob("*.sqlite3"))
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(b"\xa5" * 4096 * 8)
    open_index(settings, Log()).close()
    assert "damaged" in capfd.readouterr().err
    assert store._sound(path)


def test_what_a_killed_builder_left_behind_is_removed(tmp_path: Path) -> None:
    leftovers = [tmp_path / f"content-1.4711.building{suffix}" for suffix in ("", "-journal")]
    for leftover in leftovers:
        leftover.write_bytes(b"half")
    store.ensure(tmp_path, "1", build)
    assert not any(leftover.exists() for leftover in leftovers)


def test_a_build_that_fails_leaves_no_store(tmp_path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        build(connection)
        raise sqlite3.OperationalError("disk full")

    with pytest.raises(StoreError, match=r"content-1\.sqlite3.*disk full.*nlweb\.store"):
        store.ensure(tmp_path, "1", fail)
    assert not (tmp_path / "content-1.sqlite3").exists()
    assert words(store.ensure(tmp_path, "1", build)) == [("whole",)]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/data.*nlweb\.store"):
        store.ensure(tmp_path / "file" / "data", "1", build)


def test_a_connection_to_the_store_cannot_write(tmp_path: Path) -> None:
    with (
        closing(store.connect(store.ensure(tmp_path, "1", build))) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM word")


def test_a_lock_that_is_never_given_up_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_LOCK_SECONDS", 0.1)
    held = os.open(tmp_path / "content.lock", os.O_CREAT | os.O_RDWR)
    try:
        assert store._try_lock(held)
        with pytest.raises(StoreError, match=r"content\.lock.*stop it"):
            store.ensure(tmp_path, "1", build)
    finally:
        os.close(held)


def test_a_site_without_content_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nlweb\.sites has 'fish'.*http_status, python_docs"):
        open_index(Nlweb(store=tmp_path, sites=("http_status", "fish")), Log())
