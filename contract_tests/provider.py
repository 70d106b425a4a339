"""A real authorization server, not ours: oidc-provider-mock, as a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from typing import IO

_RUNNING = re.compile(r"running on (http://127\.0\.0\.1:\d+)")
_START_LIMIT = 30.0


@contextmanager
def provider() -> Iterator[str]:
    """Its issuer; it lets in whoever somebody says to be."""
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        lines: Queue[str] = Queue()
        reader = threading.Thread(target=_read, args=(process.stderr, lines), daemon=True)
        reader.start()
        try:
            yield _announced(lines)
        finally:
            process.terminate()
            reader.join()


def _read(stderr: IO[str], lines: Queue[str]) -> None:
    for line in stderr:
        lines.put(line)


def _announced(lines: Queue[str]) -> str:
    said = ""
    while (found := _RUNNING.search(said)) is None:
        try:
            said += lines.get(timeout=_START_LIMIT)
        except Empty:
            raise AssertionError(f"the provider did not start: {said[-2000:]}") from None
    return found[1]
