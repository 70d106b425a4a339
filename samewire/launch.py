"""Starts a target, waits until it serves, and stops it whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from samewire.address import Address
from samewire.cases.model import Request, Send
from samewire.compare import printable, redact
from samewire.ports import free_port, holds
from samewire.stopping import stop
from samewire.targets import Command, Target
from samewire.wire import Names, dial

_ANNOUNCEMENT = re.compile(rb"^listening on (https?(?:\+unix)?://\S+)\s*$", re.MULTILINE)
_POLL = 0.05
_LONGEST_SOCKET = 103
"""Bytes of a path: the least that Unix systems allow (sun_path of 104 bytes, with its NUL)."""
_PORTS = 3
"""Ports that are tried: each was free a moment before."""
_IN_USE = re.compile(rb"address (?:is )?already in use|address in use|EADDRINUSE|errno 98\b|errno 48\b", re.IGNORECASE)
_LOOKS = 40
"""How often it is looked whether a command holds its port, `_POLL` seconds apart."""
_TAIL = 4096
_LINES = 15


class NotStarted(Exception):
    """A target does not serve; the text names it, says why, and ends with the last lines it wrote."""


@dataclass(frozen=True, slots=True)
class Running:
    """A target that serves."""

    name: str
    url: str
    address: Address
    probe: str
    """A path that answers at once and changes nothing."""
    pid: int | None
    """Its process, the leader of a group of its own; None when it was not started here."""
    disposable: bool
    """Whether cases may change its state."""
    command: tuple[str, ...] = ()


@contextlib.asynccontextmanager
async def launched(target: Target) -> AsyncIterator[Running]:
    """The target, serving; stopped at the end if it was started here. Raises NotStarted."""
    if isinstance(target.source, Command):
        async with _started(target, target.source) as running:
            yield running
        return
    running = _running(target, target.source, None)
    await _serves(target, running.address, None)
    yield running


@contextlib.asynccontextmanager
async def _started(target: Target, command: Command) -> AsyncIterator[Running]:
    with tempfile.TemporaryDirectory(prefix=f"samewire-{target.name}-", ignore_cleanup_errors=True) as folder:
        running, process = await _up(target, command, Path(folder))
        try:
            yield running
        finally:
            await stop(process)


async def _up(target: Target, command: Command, folder: Path) -> tuple[Running, asyncio.subprocess.Process]:
    """The target, serving; it is given another port when somebody took the one that was free."""
    for attempt in range(_PORTS):
        given = _given(target, command, folder)
        words = command.filled(given.port, given.socket)
        process, output = await _spawn(target, command, words, folder, given)
        watch = _Watch(process, output)
        try:
            running = _running(target, given.url or await _announced(target, process, output), process.pid, words)
            await _serves(target, running.address, watch)
            if given.port is not None:
                await _owned(target, given.port, watch)
            return running, process
        except NotStarted:
            await stop(process)
            if given.port is None or attempt == _PORTS - 1 or _IN_USE.search(output.read_bytes()) is None:
                raise
        except BaseException:
            await stop(process)
            raise
    raise AssertionError("unreachable: the last attempt returns or raises")


async def _owned(target: Target, port: int, watch: _Watch) -> None:
    """Wait a while for the command itself to hold the port: whoever took it before may have answered in its place.

    Not for ever: a container's port is held by somebody else, and so it may be. Raises NotStarted when it has ended.
    """
    for _ in range(_LOOKS):
        _alive(target, watch)
        if holds(watch.process.pid, port):
            return
        await asyncio.sleep(_POLL)
    _alive(target, watch)


class _Given(NamedTuple):
    """Where a command is told to listen."""

    url: str
    """Empty when it chooses for itself."""
    port: int | None = None
    socket: str = ""


def _given(target: Target, command: Command, folder: Path) -> _Given:
    if command.wants_socket:
        path = str(folder / "socket")
        if len(os.fsencode(path)) > _LONGEST_SOCKET:
            raise NotStarted(f"{target.name}: {path} is too long for a Unix socket; set TMPDIR to a shorter folder")
        return _Given(f"{target.scheme}+unix://{quote(path, safe='')}", socket=path)
    if command.wants_port:
        port = free_port()
        return _Given(f"{target.scheme}://127.0.0.1:{port}", port)
    return _Given("")


@dataclass(frozen=True, slots=True)
class _Watch:
    """A process that is being waited for, and the file it writes to."""

    process: asyncio.subprocess.Process
    output: Path

    def tail(self) -> str:
        """The last lines it wrote, each beginning with a bar."""
        with self.output.open("rb") as file:
            file.seek(max(0, self.output.stat().st_size - _TAIL))
            lines = [line.decode("utf-8", "replace") for line in file.read().splitlines()[-_LINES:]]
        return "".join(f"\n  | {printable(redact(line))}" for line in lines) or " It wrote nothing."


async def _spawn(
    target: Target, command: Command, words: tuple[str, ...], folder: Path, given: _Given
) -> tuple[asyncio.subprocess.Process, Path]:
    """Output goes to a file: a pipe that is read too slowly would hold the server up."""
    output = folder / "output"
    try:
        with output.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *words, cwd=command.cwd, env=_environment(command, folder, given), start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file,
            )  # fmt: skip
    except OSError as error:
        raise NotStarted(f"{target.name}: cannot run {words[0]!r}: {error.strerror}") from None
    return process, output


def _environment(command: Command, folder: Path, given: _Given) -> Mapping[str, str]:
    stores = {}
    for name in command.store_env:
        store = folder / "stores" / name
        store.mkdir(parents=True, exist_ok=True)
        stores[name] = str(store)
    return {**os.environ, **command.environment(given.port, given.socket), **stores}


async def _announced(target: Target, process: asyncio.subprocess.Process, output: Path) -> str:
    watch = _Watch(process, output)
    async with _patience(target, watch, "did not write `listening on URL`"):
        while (found := _ANNOUNCEMENT.search(output.read_bytes())) is None:
            _alive(target, watch)
            await asyncio.sleep(_POLL)
    return found[1].decode("ascii", "replace")


async def _serves(target: Target, address: Address, watch: _Watch | None) -> None:
    """Wait until the ready path answers 2xx, or, where none is given, until a connection is accepted."""
    asked = f"GET {target.ready}" if target.ready else "a connection"
    async with _patience(target, watch, f"did not answer {asked} at {address.where}"):
        while not await _ready(target, address):
            if watch is not None:
                _alive(target, watch)
            await asyncio.sleep(_POLL)


async def _ready(target: Target, address: Address) -> bool:
    """As a case would ask: by the same socket, TLS, fields and version. Raises NotStarted where time mends nothing."""
    try:
        conversation = await dial(address, target.start_timeout)
    except OSError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise NotStarted(f"{target.name}: {error}; name who vouches for it with `ca_file`") from None
        return False
    try:
        if target.ready is None:
            return True
        asking = Send(send=Request(target=target.ready, headers=(("Connection", "close"),)))
        await conversation.send(asking, Names.of(address, "ready"), target.start_timeout)
        answer = (await conversation.receive(target.start_timeout)).answer
        return answer is not None and 200 <= answer.status < 300
    finally:
        conversation.leave()


@contextlib.asynccontextmanager
async def _patience(target: Target, watch: _Watch | None, failing: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(target.start_timeout):
            yield
    except TimeoutError:
        wrote = watch.tail() if watch else ""
        raise NotStarted(f"{target.name}: {failing} within {target.start_timeout:g} s.{wrote}") from None


def _alive(target: Target, watch: _Watch) -> None:
    status = watch.process.returncode
    if status is None:
        return
    how = f"with exit status {status}" if status >= 0 else f"by {signal.Signals(-status).name}"
    raise NotStarted(f"{target.name}: ended {how} before it served.{watch.tail()}")


def _running(target: Target, url: str, pid: int | None, command: tuple[str, ...] = ()) -> Running:
    try:
        address = target.address(url)
    except ValueError as error:
        raise NotStarted(f"{target.name}: {error}") from None
    return Running(target.name, url, address, target.probe, pid, target.disposable, command)
