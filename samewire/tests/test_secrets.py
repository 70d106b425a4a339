"""No secret of cases or traffic stands in a report, whatever its format."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from samewire.cli import app

SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = sys.argv[1].encode() + f" {self.requestline} {self.headers}".encode() + body
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *args):
        pass

server = HTTPServer(("127.0.0.1", 0), Handler)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""
SECRET = "hush-{}-9f8e7d"
FIELDS = [
    ("Authorization", f"Bearer {SECRET}"),
    ("Cookie", f"a=1; sid={SECRET}"),
    ("X-Auth-Token", SECRET),
    ("X-Vault-Token", SECRET),
]
TARGET = f"/a?access_token={SECRET}&x=1"
BODY = f'{{"user":"u","newPassword":"{SECRET}","apiKey":["{SECRET}"]}}'


def har() -> str:
    headers = [{"name": name, "value": value} for name, value in FIELDS]
    request: dict[str, object] = {
        "method": "POST",
        "url": f"http://h{TARGET}",
        "httpVersion": "HTTP/1.1",
        "headers": headers,
    }
    request |= {"postData": {"mimeType": "application/json", "text": BODY}}
    return json.dumps({"log": {"version": "1.2", "entries": [{"request": request}]}})


def raw() -> str:
    lines = (f"POST {TARGET} HTTP/1.1", "Host: ${host}", *(f"{name}: {value}" for name, value in FIELDS))
    head = "\r\n".join((*lines, f"Content-Length: {len(BODY)}", "", ""))
    return json.dumps({"raw": head + BODY}) + "\n"


def cases() -> str:
    send: dict[str, object] = {"method": "POST", "target": TARGET, "headers": dict(FIELDS), "text": BODY}
    steps: list[object] = [{"send": send}, {"receive": {"status": 201}}]
    return json.dumps([{"id": "A-1", "title": "t", "why": "w", "steps": steps}])


@pytest.mark.parametrize(
    ("name", "made", "given"),
    [("a.har", har, "--from"), ("a.jsonl", raw, "--from"), ("a.yaml", cases, "--cases")],
)
def test_no_report_holds_a_secret_that_was_sent(tmp_path: Path, name: str, made: Callable[[], str], given: str) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / name).write_text(made())
    (tmp_path / "samewire.toml").write_text(
        "".join(
            f'targets.{side}.command = ["{{python}}", "{tmp_path}/server.py", "{side}"]\ntargets.{side}.disposable = true\n'
            for side in ("one", "other")
        )
    )
    formats = ("json", "junit", "sarif", "markdown", "html")
    outputs = [word for one in formats for word in (f"--{one}", f"out.{one}")]
    with contextlib.chdir(tmp_path):
        done = CliRunner().invoke(app, ["diff", "one", "other", given, name, "--allow-unsafe", "--verbose", *outputs])
    assert done.exit_code == 1, done.output
    texts = {one: (tmp_path / f"out.{one}").read_text() for one in formats} | {"terminal": done.output}
    assert [one for one, text in texts.items() if "hush-" in text] == []
    assert "# secrets masked, so not what was sent: " in texts["terminal"]
    assert "redacted sha256:" in texts["html"]
