"""`samewire load` as a user types it: what ends it early is said in words, and nothing is left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[3]
SERVER = ROOT / "samewire" / "tests" / "small_server.py"
LOAD = (sys.executable, "-m", "samewire", "load")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    locustfile = ROOT / "loadtests" / "locustfile.py"
    (tmp_path / "samewire.toml").write_text(
        f'targets.one.command = ["{{python}}", "{SERVER}"]\nload.locustfile = "{locustfile}"\n'
    )
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_servers(folder: Path, number: signal.Signals) -> None:
    with subprocess.Popen((*LOAD, "one", "one"), cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        running.stderr.readline()
        started = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(number)
        _, said = running.communicate(timeout=30)
    assert started
    assert (running.returncode, "interrupted" in said, "Traceback" in said) == (130, True, False)
    assert psutil.wait_procs(started, timeout=5)[1] == []


def test_an_unknown_scenario_is_named_with_those_that_there_are(folder: Path) -> None:
    done = subprocess.run(
        (*LOAD, "one", "one", "--scenario", "absent"), cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "there is no scenario 'absent'; there are: health, list-ask" in done.stderr
