from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from samewire.cli import app

SERVER = Path(__file__).parents[2] / "tests" / "small_server.py"
CASE = {
    "id": "X-1",
    "title": "t",
    "why": "w",
    "steps": [{"send": {"target": "/greeting"}}, {"receive": {"status": 200}}],
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "cases.yaml").write_text(json.dumps([CASE]))
    command = json.dumps([sys.executable, str(SERVER), "--port", "{port}"])
    targets = "".join(f'[targets.{name}]\ncommand = {command}\nready = "/ready"\n' for name in ("old", "new"))
    rules = '[[rules]]\nplace = "header.server"\ncheck = "pattern"\npattern = ".+"\n'
    path = tmp_path / "samewire.toml"
    path.write_text(f'cases = "cases.yaml"\n{targets}{rules}')
    return path


def told(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["prove", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_faults_are_injected_and_the_table_and_the_json_say_which_were_caught(config: Path, tmp_path: Path) -> None:
    written = tmp_path / "out" / "proof.json"
    asked = ("--config", str(config), "--json", str(written), "--fault", "status.*", "--fault", "harmless.segments")
    status, out, _ = told("old", "new", *asked)
    assert status == 0
    assert "caught        status.200-to-500" in out
    assert "not exercised status.304-to-200" in out
    found = json.loads(written.read_text())
    assert found["caught"] == found["exercised"] >= 3
    assert (found["share"], found["exit_status"]) == (1.0, 0)
    assert {proof["outcome"] for proof in found["harmless"]} == {"not reported"}


def test_when_no_case_exercises_a_fault_there_is_no_evidence(config: Path) -> None:
    status, out, _ = told("old", "new", "--config", str(config), "--fault", "websocket.*")
    assert status == 3
    assert out.rstrip().endswith("none of the injected faults was exercised by the given cases")


def test_faults_can_be_listed() -> None:
    status, out, _ = told("--list", "--fault", "events.*")
    assert status == 0
    assert "events.first-lost\tthe first event is lost\n" in out


def test_faults_can_be_left_out() -> None:
    _, out, _ = told("--list", "--fault", "events.*", "--without", "events.first*")
    assert "events.second-lost" in out
    assert "events.first-lost" not in out


def test_a_fault_that_does_not_exist_is_a_usage_error(config: Path) -> None:
    status, _, error = told("old", "new", "--config", str(config), "--fault", "nonsense")
    assert status == 2
    assert "samewire prove --list" in error


def test_a_target_that_does_not_start_is_exit_4(config: Path) -> None:
    config.write_text(config.read_text().replace('"--port"', '"--crash", "--port"', 1))
    assert told("old", "new", "--config", str(config))[0] == 4
