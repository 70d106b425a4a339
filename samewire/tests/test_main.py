"""The entry of the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

STARTS = ((str(Path(sys.executable).with_name("samewire")),), (sys.executable, "-m", "samewire"))
"""The console script, and the package."""
INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "samewire.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from samewire.__main__ import main
main()
"""


def test_an_interrupt_during_the_imports_ends_it_without_a_trace() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_it_says_its_version_however_it_is_started() -> None:
    expected = f"samewire {version('samewire')}\n"
    assert [_run(*start, "--version")[:2] for start in STARTS] == [(0, expected)] * len(STARTS)


def test_its_help_is_the_same_however_it_is_started() -> None:
    (status, shown, _), other = (_run(*start, "--help") for start in STARTS)
    assert (status, shown) == other[:2]
    assert shown.startswith("Usage: samewire ")
    assert {"--version", "--show-completion", "diff", "compare"} <= set(shown.split())


@pytest.mark.parametrize(("start", "shell"), [(STARTS[0], "bash"), (STARTS[1], "zsh")])
def test_a_shell_gets_the_completion_of_the_command(start: tuple[str, ...], shell: str) -> None:
    status, script, _ = _run(*start, _SAMEWIRE_COMPLETE=f"source_{shell}")
    assert (status, "_SAMEWIRE_COMPLETE" in script, "samewire" in script) == (0, True, True)


@pytest.mark.parametrize(("typed", "offered"), [("samewire di", ["diff"]), ("samewire diff --ju", ["--junit"])])
def test_a_shell_is_offered_commands_and_options(typed: str, offered: list[str]) -> None:
    number = str(len(typed.split()) - 1)
    status, told, _ = _run(*STARTS[0], _SAMEWIRE_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=number)
    assert (status, told.split()) == (0, offered)


def _run(*command: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environment}
    )
    return done.returncode, done.stdout, done.stderr
