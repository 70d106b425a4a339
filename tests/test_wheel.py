"""The wheel is the harness and nothing else, and works alone: without the service, without an extra."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from samewire.ports import free_port

ROOT = Path(__file__).parent.parent
SOURCES = ("samewire", "pyproject.toml", "README.md", "LICENSE")
MOST_REQUIRED = 10
LIMIT = 240.0
"""Seconds for an installation, which may have to be fetched."""

Samewire = Callable[..., "subprocess.CompletedProcess[str]"]


def run(command: Sequence[object], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True, timeout=LIMIT, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: a build leaves folders behind."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    done = run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "out", "."], folder)
    assert done.returncode == 0, done.stderr
    (made,) = (folder / "out").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def samewire(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Samewire:
    """The command, in an environment of its own, run in an empty folder."""
    folder = tmp_path_factory.mktemp("alone")
    for command in (
        [sys.executable, "-m", "venv", "venv"],
        [folder / "venv/bin/python", "-m", "pip", "install", "--quiet", wheel],
    ):
        done = run(command, folder)
        assert done.returncode == 0, done.stderr
    (folder / "empty").mkdir()
    return lambda *arguments: run([folder / "venv/bin/samewire", *arguments], folder / "empty")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder's files on a server of the standard library; gives its URL, once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def test_it_holds_the_harness_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"samewire"}
    assert [name for name in names if "/tests/" in name] == []
    assert {"samewire/py.typed", "samewire/report/templates/page.html.jinja"} <= set(names)


def test_it_requires_few_packages(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    lines = archive.read(metadata).decode().splitlines()
    required = [line for line in lines if line.startswith("Requires-Dist: ") and "extra ==" not in line]
    assert 0 < len(required) <= MOST_REQUIRED
    architecture = (ROOT / "ARCHITECTURE.md").read_text()
    named = [line.removeprefix("Requires-Dist: ").partition(">")[0] for line in required]
    assert [name for name in named if f"| {name.lower()} |" not in architecture.lower()] == [], (
        "each has its reason there"
    )


@pytest.mark.timeout(600)
def test_it_works_alone(samewire: Samewire, tmp_path: Path) -> None:
    assert samewire("--version").stdout.startswith("samewire ")
    assert samewire("--help").returncode == 0
    for name, text in (("old", "a"), ("same", "a"), ("other", "b")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.txt").write_text(text)
    asked = tmp_path / "asked.sh"
    with ExitStack() as stack:
        old, same, other = (stack.enter_context(served(tmp_path / name)) for name in ("old", "same", "other"))
        asked.write_text(f"curl {old}/page.txt\n")
        alike = samewire("diff", old, same, "--from", asked)
        assert alike.returncode == 0, alike.stdout + alike.stderr
        different = samewire("diff", old, other, "--from", asked)
        assert different.returncode == 1, different.stdout + different.stderr
