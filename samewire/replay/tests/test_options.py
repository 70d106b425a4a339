"""Traffic on the command line: what is sent, what is told, how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from samewire.tests.test_cli import CASES, CONFIG, samewire

LINE = '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "{} HTTP/1.1" 200 5\n'
RECORDS = "".join(LINE.format(request) for request in ("GET /greeting", "GET /nothing", "DELETE /greeting")) + "torn\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "samewire.toml").write_text(CONFIG)
    (tmp_path / "cases.yaml").write_text(CASES)
    (tmp_path / "access.log").write_text(RECORDS)
    return tmp_path


def test_a_source_alone_is_sent_and_each_record_accounted_for(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "same", "--from", "access.log", "--json", "out.json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((folder / "out.json").read_text())
    assert (found["verdict"], found["comparisons"]) == ("same", 2)
    (account,) = found["accounts"]
    assert (account["read"], account["sent"]) == (4, 2)
    assert "access.log: 4 read, 2 sent, 2 skipped" in done.stdout
    assert "unsafe method; --allow-unsafe sends it" in done.stdout


def test_unsafe_methods_are_sent_when_allowed(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "same", "--from", "access.log", "--allow-unsafe")
    assert "access.log: 4 read, 3 sent, 1 skipped" in done.stdout


def test_a_difference_in_the_traffic_is_found(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "other", "--from", "access.log")
    assert done.returncode == 1
    assert "goodbye" in done.stdout


def test_cases_and_traffic_are_one_result(folder: Path) -> None:
    done = samewire(
        folder, "diff", "one", "same", "--from", "access.log", "--cases", "cases.yaml", "--json", "out.json"
    )
    assert done.returncode == 0
    assert json.loads((folder / "out.json").read_text())["comparisons"] == 4


def test_sources_of_the_configuration_are_sent_beside_the_cases(folder: Path) -> None:
    with (folder / "samewire.toml").open("a") as file:
        file.write('[[sources]]\npath = "access.log"\n')
    for command in (("check", "--target", "one", "--target", "same"), ("diff", "one", "same")):
        done = samewire(folder, *command)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "access.log: 4 read, 2 sent" in done.stdout
        assert "same: 4 comparisons" in done.stdout
    assert "access.log" not in samewire(folder, "diff", "one", "same", "--only", "A-1").stdout


def test_a_source_that_skipped_everything_is_exit_status_3_and_the_words_say_so(folder: Path) -> None:
    (folder / "unsafe.log").write_text(LINE.format("DELETE /greeting"))
    done = samewire(folder, "diff", "one", "same", "--from", "unsafe.log")
    assert done.returncode == 3
    assert "unsafe.log: none of 1 records was sent" in done.stdout
    assert "inconclusive" in done.stdout


def test_a_source_that_is_not_there_is_a_usage_error(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "same", "--from", "missing.har")
    assert done.returncode == 2
    assert "missing.har" in done.stderr


def test_traffic_needs_two_targets(folder: Path) -> None:
    done = samewire(folder, "check", "--target", "one", "--from", "access.log")
    assert done.returncode == 2
    assert "traffic is compared between two targets" in done.stderr


def test_interrupted_it_tells_what_was_compared_so_far(folder: Path) -> None:
    (folder / "long.log").write_text(LINE.format("GET /greeting") * 100_000)
    with subprocess.Popen(
        [sys.executable, "-m", "samewire", "diff", "one", "same", "--from", "long.log"],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert "requests, 0 differ" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "inconclusive" in out
    assert "interrupted" in out
