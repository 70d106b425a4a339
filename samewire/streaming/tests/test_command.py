"""`samewire streaming` as a user sees it, with servers that run."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from samewire.cli import app
from samewire.streaming.tests.streams import stream
from samewire.tests.scripted import Script, answering


@contextlib.contextmanager
def serving(script: Script) -> Iterator[str]:
    """The URL of a server in a thread of its own: the command has its own event loop."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(_quiet(script), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_ended(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _ended() -> None:
    """Every conversation, its client gone."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _quiet(script: Script) -> Script:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await script(reader, writer)
        writer.close()

    return connected


def samewire(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["streaming", *words])
    return done.exit_code, done.stdout, done.stderr


def test_pieces_that_are_held_back_are_the_verdict_with_what_shows_it(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with serving(stream("incremental")) as old, serving(stream("buffered")) as new:
        status, said, _ = samewire(old, new, "--path", "/events", "--repeats", "12", "--json", str(out))
    assert status == 1
    assert f"STR-1: incremental from {old}" in said
    assert "arrival" in said
    (found,) = json.loads(out.read_text())["streams"]
    assert (found["old"], found["new"], found["repeats"]) == ("incremental", "buffered", 12)


def test_two_that_send_it_as_they_make_it_are_the_same() -> None:
    with serving(stream("incremental")) as old, serving(stream("incremental")) as new:
        status, said, _ = samewire(old, new, "--path", "/events", "--path", "/more", "--repeats", "12")
    assert (status, said.rstrip().splitlines()[-1][:22]) == (0, "same: 2 comparisons, 0")


def test_what_stays_undecided_is_no_evidence() -> None:
    nothing = answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")
    with serving(stream("incremental")) as old, serving(nothing) as new:
        status, said, complaint = samewire(old, new, "--path", "/events", "--repeats", "8")
    assert status == 3
    assert "undecided is not the same" in complaint
    assert f"undecided from {new} (0.00 % sure)" in said


def test_bad_words_are_usage() -> None:
    for words in (["--path", "events"], ["--path", "/", "--header", "nothing"], ["--path", "/", "--repeats", "3"]):
        assert samewire("http://127.0.0.1:1", "http://127.0.0.1:2", *words)[0] == 2
