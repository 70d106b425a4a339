"""What every server's command line does alike: its options, its listening socket, its one line of output."""

from __future__ import annotations

import argparse
import errno
import re
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, NoReturn

from shared_handlers.ascii import whole_number
from shared_handlers.settings import Settings, SettingsError, load_settings

USAGE = 2
NOT_STARTED = 4
BACKLOG = 1024
FLUSH = 2.0
"""Seconds in which clients of streams that are cut may take what was made for them."""
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_FAMILIES = (socket.AF_INET, socket.AF_INET6)
SERVER = "nlweb"
"""The Server field of every answer (RFC 9110 section 10.2.4): the service, not what hosts it."""


class Options(NamedTuple):
    """The command line of a server, with its settings read and checked."""

    settings: Settings
    host: str
    port: int
    fd: int | None
    """A listening socket inherited from the parent process, which then decides the address."""
    engine: str = ""
    """The first of those that the server has, unless another was asked for."""


def read_options(program: str, arguments: Sequence[str] | None = None, engines: Sequence[str] = ()) -> Options:
    """The command line and the configuration it names; exits with status 2 and a message when either is wrong.

    `engines` are those that the server can run on, if there is a choice.
    """
    parser = _parser(program)
    if engines:
        parser.add_argument("--engine", choices=engines, default=engines[0], help=f"default: {engines[0]}")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings(given.config, mode=given.mode)
    except SettingsError as error:
        fail(program, str(error), USAGE)
    return Options(
        settings,
        settings.server.host if given.host is None else given.host,
        settings.port if given.port is None else given.port,
        given.fd,
        given.engine if engines else "",
    )


def listening_socket(program: str, options: Options) -> socket.socket:
    """The socket to accept on; exits with status 4 and a message when the address can't be had.

    No SO_REUSEPORT: two servers never share a port in silence.
    """
    try:
        if options.fd is not None:
            return _inherited(options.fd)
        return _bound(options.host, options.port)
    except OSError as error:
        where = f"descriptor {options.fd}" if options.fd is not None else f"{options.host}:{options.port}"
        hint = " Stop the other server or choose another --port." if error.errno == errno.EADDRINUSE else ""
        fail(program, f"cannot listen on {where}: {error.strerror or error}.{hint}", NOT_STARTED)


def accept_waiting(listening: socket.socket) -> list[socket.socket]:
    """The connections that are made and that nobody has accepted: closing the socket would reset them.

    The socket must not block.
    """
    waiting: list[socket.socket] = []
    with suppress(OSError):
        while len(waiting) < BACKLOG:
            waiting.append(listening.accept()[0])
    return waiting


def announce(listening: socket.socket, scheme: str = "http") -> None:
    """Say on standard output, in one line, that connections are accepted now, and where."""
    host, port = listening.getsockname()[:2]
    print(f"listening on {scheme}://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


def fail(program: str, message: str, status: int) -> NoReturn:
    """End the process with a message on standard error."""
    print(f"{program}: {message}", file=sys.stderr)
    raise SystemExit(status)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Serve the site until SIGTERM or SIGINT; a second signal ends it at once.",
        epilog="Exit status: 0 stopped as asked, 2 usage or configuration, 4 the address can't be listened on.",
    )
    parser.add_argument("--host", help="address to listen on (default: server.host of the configuration)")
    parser.add_argument(
        "--port", type=_port, help="port to listen on, 0 for a free one (default: port of the configuration)"
    )
    parser.add_argument("--config", type=Path, help="configuration file (default: config/config_webserver.yaml)")
    parser.add_argument(
        "--mode", choices=("development", "production", "testing"), help="overrides mode of the configuration"
    )
    parser.add_argument(
        "--fd", type=_descriptor, help="descriptor of an inherited listening socket, instead of host and port"
    )
    return parser


def _port(text: str) -> int:
    if not _WHOLE.fullmatch(text) or whole_number(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return whole_number(text)


def _descriptor(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a descriptor")
    return whole_number(text)


def _inherited(fd: int) -> socket.socket:
    listening = socket.socket(fileno=fd)
    if listening.family not in _FAMILIES or not listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listening.close()
        raise OSError(errno.EINVAL, "it is not a TCP socket that listens")
    return listening


def _bound(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except UnicodeError:
        raise OSError(errno.EINVAL, "it is not a host name") from None
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
