"""The command line of every server: what can't be listened on is said in words."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from shared_handlers.hosting import NOT_STARTED, USAGE, Options, listening_socket, read_options
from shared_handlers.settings import Settings

Refused = Callable[[Callable[[], object]], tuple[object, str]]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    def run(act: Callable[[], object]) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            act()
        return ended.value.code, capsys.readouterr().err

    return run


def options(host: str = "127.0.0.1", port: int = 0, fd: int | None = None) -> Options:
    return Options(Settings(), host, port, fd)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "http"), "'http' is not a port (0 to 65535)"),
        (("--port", "65536"), "'65536' is not a port (0 to 65535)"),
        (("--port", "-1"), "is not a port (0 to 65535)"),
        (("--fd", "-1"), "is not a descriptor"),
        (("--fd", "x"), "'x' is not a descriptor"),
    ],
)
def test_a_wrong_argument_is_named_with_status_2(refused: Refused, arguments: tuple[str, str], words: str) -> None:
    status, message = refused(lambda: read_options("server", ["=".join(arguments)]))
    assert status == USAGE
    assert words in message


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70, ""])
def test_a_host_that_is_none_is_status_4_with_the_systems_words(refused: Refused, host: str) -> None:
    status, message = refused(lambda: listening_socket("server", options(host)))
    assert status == NOT_STARTED
    assert message.startswith(f"server: cannot listen on {host}:0: ")
    assert "Unknown error" not in message


def test_a_port_in_use_is_status_4_with_what_to_do(refused: Refused) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, message = refused(lambda: listening_socket("server", options(port=port)))
    assert status == NOT_STARTED
    assert f"127.0.0.1:{port}: Address already in use. Stop the other server or choose another --port." in message


def test_a_descriptor_that_is_no_listening_tcp_socket_is_status_4(refused: Refused, tmp_path: Path) -> None:
    idle, local = socket.socket(), socket.socket(socket.AF_UNIX)
    local.bind(str(tmp_path / "socket"))
    local.listen()
    for given in (idle, local):
        inherited = options(fd=given.detach())
        status, message = refused(partial(listening_socket, "server", inherited))
        assert status == NOT_STARTED
        assert f"descriptor {inherited.fd}: it is not a TCP socket that listens" in message
