"""nginx and HAProxy in front of a server, with connections to it that everybody shares, and what they understood."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_LIMIT = 20.0
_NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log stderr crit; {user}
events {{ worker_connections 1024; }}
http {{
  log_format line '$request'; access_log {folder}/access line;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  client_header_timeout 1s; client_body_timeout 1s; keepalive_timeout 1s; send_timeout 2s; lingering_timeout 1s;
  underscores_in_headers on; ignore_invalid_headers off; merge_slashes off;
  map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
  upstream host {{ server 127.0.0.1:{host}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://host; proxy_http_version 1.1; proxy_request_buffering off; proxy_next_upstream off;
      proxy_set_header Host $http_host; proxy_read_timeout 2s; proxy_send_timeout 2s;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
    }}
  }}
}}
"""
_HAPROXY = """
global
  log stdout format raw local0
defaults
  mode http
  log global
  log-format %r
  timeout connect 2s
  timeout client 1s
  timeout server 2s
  timeout tunnel 1s
  timeout http-request 1s
  timeout http-keep-alive 1s
  retries 0
frontend front
  bind fd@{descriptor}
  option accept-invalid-http-request
  default_backend hosts
backend hosts
  http-reuse always
  server host 127.0.0.1:{host}
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two: its program, Debian's package of it, and how it is told to end once it has nothing to do."""

    program: str
    package: str
    configuration: Callable[[Path, socket.socket, int], str]
    arguments: tuple[str, ...]
    environment: Callable[[int], dict[str, str]]
    end: signal.Signals
    log: str

    @property
    def path(self) -> str | None:
        """Where it is installed, also where only root looks."""
        return shutil.which(self.program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _nginx(folder: Path, listening: socket.socket, host: int) -> str:
    user = "user root;" if os.getuid() == 0 else ""
    return _NGINX.format(folder=folder, port=listening.getsockname()[1], host=host, user=user)


def _haproxy(folder: Path, listening: socket.socket, host: int) -> str:
    return _HAPROXY.format(descriptor=listening.fileno(), host=host)


KINDS = {
    "nginx": Kind(
        "nginx", "nginx-light", _nginx, ("-e", "stderr", "-p", "{folder}", "-c", "{file}"),
        lambda descriptor: {"NGINX": f"{descriptor};"}, signal.SIGQUIT, "access",
    ),
    "haproxy": Kind("haproxy", "haproxy", _haproxy, ("-db", "-f", "{file}"), lambda _: {}, signal.SIGUSR1, "out"),
}  # fmt: skip


@asynccontextmanager
async def fronted(kind: Kind, folder: Path, host: int) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    """It runs before the server at that port; gives its own port, and the process. It inherits a listening socket."""
    folder.mkdir()
    file = folder / "configuration"
    assert kind.path is not None
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening, (folder / "out").open("wb") as out:
        listening.set_inheritable(True)
        file.write_text(kind.configuration(folder, listening, host))
        child = await asyncio.create_subprocess_exec(
            kind.path,
            *(each.format(folder=folder, file=file) for each in kind.arguments),
            env={**os.environ, **kind.environment(listening.fileno())},
            pass_fds=(listening.fileno(),),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        port = int(listening.getsockname()[1])
    try:
        yield port, child
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)  # its workers end with it
            async with asyncio.timeout(_LIMIT):
                await child.wait()


async def understood(kind: Kind, folder: Path, child: asyncio.subprocess.Process) -> list[str]:
    """The request lines it has taken for such, when it has ended as it was told to."""
    child.send_signal(kind.end)
    async with asyncio.timeout(_LIMIT):
        await child.wait()
    return (folder / kind.log).read_text("latin-1").splitlines()
