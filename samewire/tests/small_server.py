"""A small real server for tests to start: run as a script, it answers `/greeting`, `/env/NAME`, `/fields` and `/ready`."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from socketserver import TCPServer

options = argparse.ArgumentParser()
options.add_argument("--port", type=int, default=0)
options.add_argument("--socket", help="listen on a Unix socket at this path")
options.add_argument("--greeting", default="hello")
options.add_argument("--silent", action="store_true", help="announce nothing")
options.add_argument("--crash", action="store_true", help="end with a message instead of serving")
options.add_argument("--head", action="store_true", help="answer HEAD as GET; else it is not known")
options.add_argument("--slip", type=int, default=0, help="greet with `oops` this one time, counted from 1")
options.add_argument("--stubborn", action="store_true", help="ignore SIGTERM")
given = options.parse_args()
greeted = count(1)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = {"/greeting": given.greeting, "/ready": "ready"}.get(self.path)
        if self.path == "/greeting" and next(greeted) == given.slip:
            found = "oops"
        if self.path == "/fields":
            found = str(self.headers)
        if found is None and self.path.startswith("/env/"):
            found = os.environ.get(self.path.removeprefix("/env/"))
        body = (found or "not here").encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        if given.head:
            self.do_GET()
        else:
            self.send_error(501)

    def log_message(self, format: str, *args: object) -> None:
        pass


if given.crash:
    sys.exit("the disk is on fire\x1b[31m")


class UnixServer(ThreadingHTTPServer):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        TCPServer.server_bind(self)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connected, _ = super().get_request()
        return connected, ("local", 0)


server = UnixServer(given.socket, Handler) if given.socket else ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
ending = signal.SIG_IGN if given.stubborn else lambda *_: threading.Thread(target=server.shutdown).start()
signal.signal(signal.SIGTERM, ending)
if not given.silent:
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
