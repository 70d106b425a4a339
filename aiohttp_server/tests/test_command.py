"""`python -m aiohttp_server` as a process."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

LIMIT = 20


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "static").mkdir()
    path = folder / "site.yaml"
    path.write_text("mode: testing\nport: 0\nstatic_directory: static\n")
    return path


@pytest.fixture
def start(config: Path) -> Iterator[list[subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for process in running:
        process.kill()
        process.communicate()


def launch(running: list[subprocess.Popen[str]], config: Path, *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "aiohttp_server", "--config", config, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    running.append(process)
    return process


def address(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on http://127.0.0.1:"), line
    return "127.0.0.1", int(line.rsplit(":", 1)[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_announces_itself_answers_and_ends_with_0(
    start: list[subprocess.Popen[str]], config: Path, number: signal.Signals
) -> None:
    process = launch(start, config)
    host, port = address(process)
    with urllib.request.urlopen(f"http://{host}:{port}/health", timeout=LIMIT) as answer:
        assert b'"server":"aiohttp"' in answer.read()
    process.send_signal(number)
    out, _ = process.communicate(timeout=LIMIT)
    assert (process.returncode, out) == (0, "")


def test_a_second_signal_ends_it_at_once(start: list[subprocess.Popen[str]], config: Path) -> None:
    process = launch(start, config)
    with socket.create_connection(address(process), timeout=LIMIT) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.recv(9) == b"HTTP/1.1 "
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        while '"draining"' not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=2) == -signal.SIGTERM


def test_a_port_in_use_is_exit_4_and_a_message(start: list[subprocess.Popen[str]], config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = launch(start, config, "--port", str(taken.getsockname()[1]))
        out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, out) == (4, "")
    assert "aiohttp_server: cannot listen on 127.0.0.1:" in err


def test_an_inherited_socket_is_served(start: list[subprocess.Popen[str]], config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        process = subprocess.Popen(
            [sys.executable, "-m", "aiohttp_server", "--config", config, "--fd", str(listening.fileno())],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=[listening.fileno()],
        )
        start.append(process)
        assert address(process) == listening.getsockname()
