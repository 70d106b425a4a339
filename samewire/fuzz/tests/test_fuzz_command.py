"""`samewire fuzz` as a user runs it: on real processes, with the files it leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SERVICE = "samewire.fuzz.tests.service"
CASES = """
- id: SEED-1
  title: the service answers
  why: what generation starts from
  steps:
    - send: {target: "/items/1"}
    - receive: {status: 404}
    - send: {target: "/echo?q=a"}
    - receive: {status: 200}
"""
CONFIG = """
cases = "cases"
[targets.right]
command = ["{python}", "-m", "SERVICE"]
cwd = "ROOT"
disposable = DISPOSABLE
[targets.wrong]
command = ["{python}", "-m", "SERVICE", "slash at the end"]
cwd = "ROOT"
disposable = DISPOSABLE
[targets.dead]
url = "http://127.0.0.1:9"
start_timeout = 0.5
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "seed.yaml").write_text(CASES)
    configure(tmp_path, disposable="true")
    return tmp_path


def configure(folder: Path, disposable: str) -> None:
    text = CONFIG.replace("SERVICE", SERVICE).replace("ROOT", str(ROOT)).replace("DISPOSABLE", disposable)
    (folder / "samewire.toml").write_text(text)


def samewire(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samewire", *words], cwd=folder, capture_output=True, text=True, timeout=110, check=False
    )


def test_a_difference_becomes_a_case_that_fails_until_it_is_mended(folder: Path) -> None:
    told = samewire(folder, "fuzz", "right", "wrong", "--kind", "semantic", "--examples", "60", "--json", "out.json")
    assert told.returncode == 1, told.stdout + told.stderr
    assert "60 of 60 examples sent" in told.stdout
    assert "case written: cases/FUZ-001.yaml" in told.stdout
    result = json.loads((folder / "out.json").read_text())
    assert result["verdict"] == "different"
    assert "curl" in (folder / "cases" / "FUZ-001.sh").read_text()
    again = samewire(folder, "diff", "right", "wrong", "--cases", "cases", "--only", "FUZ-001", "--no-relations")
    assert again.returncode == 1, again.stdout + again.stderr
    mended = samewire(folder, "diff", "right", "right", "--cases", "cases", "--only", "FUZ-001", "--no-relations")
    assert mended.returncode == 0, mended.stdout + mended.stderr


@pytest.mark.soak
def test_a_second_run_writes_nothing_that_is_there(folder: Path) -> None:
    words = ("fuzz", "right", "wrong", "--kind", "semantic", "--examples", "25")
    samewire(folder, *words)
    before = sorted(path.name for path in (folder / "cases").iterdir())
    samewire(folder, *words)
    assert sorted(path.name for path in (folder / "cases").iterdir()) == before


def test_the_same_servers_are_the_same_and_only_safe_methods_are_sent_unless_allowed(folder: Path) -> None:
    configure(folder, disposable="false")
    told = samewire(folder, "fuzz", "right", "right", "--examples", "60", "--no-write", "--without", "/echo*")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "--allow-unsafe" in told.stdout
    assert "its target is left out by --without" in told.stdout
    assert "at 95 %" in told.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "nonsense"), "semantic, wire, stateful"),
        (("--for", "soon"), "60s, 5m or 1h"),
        (("--from", "no.har"), "no.har"),
    ],
)
def test_bad_options_are_usage_errors_that_say_what_is_possible(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    told = samewire(folder, "fuzz", "right", "wrong", *words)
    assert (told.returncode, said in told.stderr, "Traceback" in told.stderr) == (2, True, False)


def test_without_traffic_named_the_sources_of_the_configuration_are_read(folder: Path) -> None:
    with (folder / "samewire.toml").open("a") as file:
        file.write('[[sources]]\npath = "no.har"\n')
    told = samewire(folder, "fuzz", "right", "wrong")
    assert (told.returncode, "no.har" in told.stderr) == (2, True), told.stderr


def test_a_target_that_does_not_start_is_told(folder: Path) -> None:
    told = samewire(folder, "fuzz", "right", "dead", "--examples", "5")
    assert told.returncode == 4, told.stdout + told.stderr


@pytest.mark.soak
def test_an_interrupt_reports_what_was_found_and_stops_the_servers(folder: Path) -> None:
    words = [sys.executable, "-m", "samewire", "fuzz", "right", "wrong", "--kind", "semantic", "--examples", "4000"]
    with subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        assert "1000 of 4000" in process.stderr.readline()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "interrupted" in out
    assert "Traceback" not in err
