"""The locust file by hand, as the README gives the line, against a real server."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("store")
    command = [sys.executable, "-m", "legacy", "--port", "0", "--mode", "testing"]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "NLWEB_NLWEB__STORE": str(store)}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        yield server.stdout.readline().removeprefix("listening on ").strip()
        server.terminate()
        server.terminate()  # the second signal spares the wait for a drain


def locust(url: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", "--host", url, "--headless", "-u", "4", "-r", "4",
        "-t", "2s", "--csv", str(folder / "load"), "--html", str(folder / "load.html"), *options,
    ]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def requests(folder: Path) -> dict[str, int]:
    with (folder / "load_stats.csv").open(newline="") as file:
        return {row["Name"]: int(row["Request Count"]) - int(row["Failure Count"]) for row in csv.DictReader(file)}


def test_the_mixed_scenario_runs_every_action_and_times_each_event(url: str, tmp_path: Path) -> None:
    done = locust(url, tmp_path, "--scenario", "mixed", "--user-rate", "30")
    assert done.returncode == 0, done.stderr
    succeeded = requests(tmp_path)
    assert {action.name for action in SCENARIOS["mixed"]} <= {name for name, count in succeeded.items() if count}
    assert succeeded["streamed ask: result_batch"] >= succeeded["streamed ask: complete"] > 0
    assert (tmp_path / "load.html").exists()


def test_a_server_that_is_not_there_fails_the_run(tmp_path: Path) -> None:
    done = locust("http://127.0.0.1:9", tmp_path, "--scenario", "streamed-ask", "--exit-code-on-error", "1")
    assert done.returncode == 1


def test_an_unknown_scenario_is_a_usage_error(tmp_path: Path) -> None:
    done = locust("http://127.0.0.1:9", tmp_path, "--scenario", "absent")
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
