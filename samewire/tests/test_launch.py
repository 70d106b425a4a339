"""A target is started, waited for, and stopped whatever happens."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest

from samewire import stopping
from samewire.launch import NotStarted, Running, launched
from samewire.serving import serving
from samewire.targets import Command, Target

SERVER = (sys.executable, str(Path(__file__).with_name("small_server.py")))


def target(*options: str, name: str = "small", ready: str | None = None, seconds: float = 20, **more: object) -> Target:
    command = replace(Command((*SERVER, *options)), **more)  # type: ignore[arg-type]
    return Target(name, command, ready=ready, start_timeout=seconds)


async def fetched(running: Running, path: str) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(running.url + path)).text


async def test_a_server_that_announces_itself_is_found_and_stopped() -> None:
    async with launched(target()) as running:
        assert await fetched(running, "/greeting") == "hello"
        assert running.pid is not None
        assert psutil.pid_exists(running.pid)
    assert not psutil.pid_exists(running.pid)


async def test_a_server_that_wants_a_port_is_given_one_and_polled() -> None:
    async with launched(target("--silent", "--port", "{port}", ready="/ready")) as running:
        assert await fetched(running, "/greeting") == "hello"
        assert str(running.address.port) in running.command


async def test_the_port_may_stand_in_the_environment() -> None:
    by_shell = ("sh", "-c", f'exec "{SERVER[0]}" "{SERVER[1]}" --silent --port "$THE_PORT"')
    command = Command(by_shell, env=(("THE_PORT", "{port}"),))
    async with launched(Target("small", command, ready="/ready", start_timeout=20)) as running:
        assert await fetched(running, "/env/THE_PORT") == str(running.address.port)


async def test_each_start_has_a_fresh_store_that_is_removed() -> None:
    stored = target(store_env=("THE_STORE",))
    async with launched(stored) as one, launched(stored) as other:
        folders = {await fetched(running, "/env/THE_STORE") for running in (one, other)}
        assert len(folders) == 2
        assert all(Path(folder).is_dir() for folder in folders)
    assert not any(Path(folder).exists() for folder in folders)


async def test_a_server_that_ends_early_is_told_with_its_status_and_its_last_lines() -> None:
    with pytest.raises(NotStarted) as raised:
        async with launched(target("--crash")):
            pass
    assert str(raised.value) == "small: ended with exit status 1 before it served.\n  | the disk is on fire\\x1b[31m"


async def test_the_last_lines_of_a_server_are_told_without_secrets() -> None:
    by_shell = ("sh", "-c", "echo 'db_password=hush, Authorization: Bearer hush'; exit 1")
    with pytest.raises(NotStarted, match=r"\[redacted sha256:") as raised:
        async with launched(Target("small", Command(by_shell))):
            pass
    assert "hush" not in str(raised.value)


async def test_a_server_that_never_announces_itself_is_given_up_and_stopped() -> None:
    with pytest.raises(NotStarted, match=r"did not write `listening on URL` within 0\.3 s"):
        async with launched(target("--silent", seconds=0.3)):
            pass
    assert not [child for child in psutil.Process().children(recursive=True) if "--silent" in _command_line(child)]


async def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(NotStarted, match="cannot run 'no-such-program': No such file"):
        async with launched(Target("small", Command(("no-such-program",)))):
            pass


async def test_a_ready_path_that_answers_404_is_not_ready() -> None:
    with pytest.raises(NotStarted, match=r"did not answer GET /nothing at 127\.0\.0\.1:"):
        async with launched(target(ready="/nothing", seconds=1)):
            pass


async def test_what_runs_already_is_reached_by_its_url_and_left_running() -> None:
    async with launched(target()) as running:
        async with launched(Target("there", running.url)) as there:
            assert there.pid is None
        assert await fetched(running, "/greeting") == "hello"


async def test_a_url_at_which_nothing_listens_is_not_started() -> None:
    async with launched(target()) as running:
        url = running.url
    with pytest.raises(NotStarted, match=r"did not answer a connection at 127\.0\.0\.1:"):
        async with launched(Target("there", url, start_timeout=0.3)):
            pass


async def test_a_server_is_stopped_when_the_work_fails() -> None:
    with suppress(ZeroDivisionError):
        async with launched(target()) as running:
            _ = 1 / 0
    assert running.pid is not None
    assert not psutil.pid_exists(running.pid)


async def test_a_server_that_ignores_sigterm_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_STOPPING", 0.2)
    by_shell = ("sh", "-c", f'"{SERVER[0]}" "{SERVER[1]}" --stubborn; true')
    async with launched(Target("small", Command(by_shell), start_timeout=20)) as running:
        assert running.pid is not None
        (child,) = psutil.Process(running.pid).children()
    child.wait(5)
    assert not child.is_running()


async def test_a_server_has_a_process_group_of_its_own_so_that_the_users_interrupt_does_not_reach_it() -> None:
    async with launched(target()) as running:
        assert running.pid is not None
        assert os.getpgid(running.pid) == running.pid


async def test_several_start_side_by_side_and_every_failure_is_told() -> None:
    with pytest.raises(NotStarted, match=r"(?s)one: ended.*two: cannot run"):
        async with serving((target("--crash", name="one"), Target("two", Command(("no-such-program",))), target())):
            pass
    async with serving((target(name="a"), target("--greeting", "hi", name="b"))) as (a, b):
        assert [await fetched(running, "/greeting") for running in (a, b)] == ["hello", "hi"]


def _command_line(process: psutil.Process) -> list[str]:
    """Empty once it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


LATECOMER = """
import os, socket, sys
port, folder, program = sys.argv[1:4]
if not os.path.exists(folder + "/taken"):
    open(folder + "/taken", "w").close()
    first = socket.create_server(("127.0.0.1", int(port)))
    socket.create_server(("127.0.0.1", int(port)))
os.execv(sys.executable, [sys.executable, program, "--silent", "--port", port])
"""


async def test_a_port_that_was_taken_meanwhile_is_changed_for_another(tmp_path: Path) -> None:
    command = Command((sys.executable, "-c", LATECOMER, "{port}", str(tmp_path), SERVER[1]))
    async with launched(Target("small", command, ready="/ready", start_timeout=20)) as running:
        assert await fetched(running, "/greeting") == "hello"
    assert (tmp_path / "taken").exists()


async def test_a_port_that_is_always_taken_is_said_so() -> None:
    busy = "import socket, sys; a, b = (socket.create_server(('127.0.0.1', int(sys.argv[1]))) for _ in 'ab')"
    command = Command((sys.executable, "-c", busy, "{port}"))
    with pytest.raises(NotStarted, match=r"(?s)ended with exit status 1.*Address already in use"):
        async with launched(Target("small", command, start_timeout=20)):
            pass


STRANGER = """
import socket, subprocess, sys, time
port, note, program = sys.argv[1:4]
orphan = ["sh", "-c", '"$@" & echo $! > "$0"', note, sys.executable, program, "--silent", "--port", port]
subprocess.run(orphan, start_new_session=True, check=True)
while socket.socket().connect_ex(("127.0.0.1", int(port))):
    time.sleep(0.02)
time.sleep(0.3)
sys.exit("too late")
"""


async def test_an_answer_from_somebody_else_on_the_port_is_not_the_targets(tmp_path: Path) -> None:
    """Somebody answers at once; the target's own command ends without ever having listened."""
    note = tmp_path / "pid"
    command = Command((sys.executable, "-c", STRANGER, "{port}", str(note), SERVER[1]))
    try:
        with pytest.raises(NotStarted, match=r"(?s)ended with exit status 1 before it served.*too late"):
            async with launched(Target("small", command, ready="/ready", start_timeout=20)):
                pass
    finally:
        psutil.Process(int(note.read_text())).kill()
