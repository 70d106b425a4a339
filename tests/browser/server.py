"""A server of this repository as a process of its own, and what it says of the questions it was asked."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parents[2]
START_LIMIT = 20.0
"""Seconds until a server must accept connections; the first start fills a search index."""
STOP_LIMIT = 10.0

MARKUP = "<img src=x onerror='window.ran=1'><script>window.ran=1</script>"
LONG_WORD = "incomprehensibilities" * 12
HOSTILE_ITEM = {
    "@type": "Article",
    "url": "javascript:window.ran=1",
    "name": f"Zwiebelkuchen {MARKUP}",
    "description": f"A {LONG_WORD} zwiebelkuchen. {MARKUP}",
}
"""What a question for a zwiebelkuchen finds."""


class Server(NamedTuple):
    """One that is running."""

    package: str
    url: str
    log: Path

    def times_asked(self, question: str) -> int:
        """How many access records there are of this question put to `/ask`: each is written when its answer ended."""
        records = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        targets = [urlsplit(record["target"]) for record in records if record["event"] == "access"]
        return sum(target.path == "/ask" and parse_qs(target.query)["query"] == [question] for target in targets)


@contextmanager
def running(
    package: str, folder: Path, options: Sequence[str] = (), more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """`python -m package` on a free port, with its index in `folder`; AssertionError with its log if it does not start.

    `more` goes into its environment.
    """
    log = folder / "log"
    with log.open("wb") as stderr, _process(package, folder, options, more, stderr.fileno()) as process:
        try:
            yield Server(package, _announced(process, log), log)
        finally:
            process.terminate()
            process.wait(STOP_LIMIT)


def _process(
    package: str, folder: Path, options: Sequence[str], more: Mapping[str, str], stderr: int
) -> subprocess.Popen[bytes]:
    items = folder / "items.jsonl"
    items.write_text(json.dumps(HOSTILE_ITEM) + "\n", "utf-8")
    source = {
        "site": "kitchen",
        "path": str(items),
        "url": "javascript:window.ran=1",
        "description": MARKUP + LONG_WORD,
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NLWEB_")}
    environment |= {
        "NLWEB_NLWEB__STORE": str(folder / "store"),
        "NLWEB_NLWEB__SOURCES": json.dumps([source]),
        # A browser keeps its idle connections, and a server that stops would wait for what comes on them.
        "NLWEB_SERVER__DRAIN_TIMEOUT": "0.1",
        **more,
    }
    return subprocess.Popen(
        [sys.executable, "-m", package, *options, "--port", "0", "--mode", "testing"],
        cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
    )  # fmt: skip


def _announced(process: subprocess.Popen[bytes], log: Path) -> str:
    """The URL of the one line that a server writes when it accepts connections."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], START_LIMIT)
    line = process.stdout.readline().decode() if ready else ""
    assert line.startswith("listening on "), f"did not start: {line!r}\n{log.read_text('utf-8')}"
    return line.split()[-1]
