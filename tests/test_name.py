"""The harness has one name: nothing in the repository goes by the one it had, which belongs to others."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORMER = re.compile("(?<!dis)par" + "ity", re.IGNORECASE)


def test_no_file_says_the_former_name() -> None:
    assert list(_mentions()) == []


def _mentions() -> Iterator[str]:
    """Names of files and lines with the former name, but for those of CHANGELOG.md that say what became of it."""
    for path in _files():
        name = str(path.relative_to(ROOT))
        if FORMER.search(name):
            yield name
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if FORMER.search(line) and not (name == "CHANGELOG.md" and "samewire" in line.lower()):
                yield f"{name}:{number}"


def _files() -> list[Path]:
    """Return what is tracked or about to be: whatever git does not ignore."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout of git")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
