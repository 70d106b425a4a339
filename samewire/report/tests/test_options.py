"""Every command that ends in a verdict writes what it is asked for, where it is asked to."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from samewire.cli import app
from samewire.report.outputs import Outputs, try_outputs

SERVER = Path(__file__).parents[2] / "tests" / "small_server.py"
CASE = "{id: A-1, title: a greeting, why: Contract., steps: [{send: {target: /greeting}}, {receive: {status: 200}}]}"
CONFIG = f"""
cases = "cases.yaml"
relations.enabled = false
targets.one.command = ["{{python}}", "{SERVER}"]
targets.other.command = ["{{python}}", "{SERVER}", "--greeting", "::error::goodbye"]
"""
ALL = ("--json", "o.json", "--junit", "o.xml", "--sarif", "o.sarif", "--markdown", "o.md", "--html", "o.html")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "samewire.toml").write_text(CONFIG)
    (tmp_path / "cases.yaml").write_text(CASE)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return tmp_path


def samewire(folder: Path, *words: str) -> Result:
    with contextlib.chdir(folder):
        return CliRunner().invoke(app, words)


@pytest.mark.parametrize(
    "command",
    [
        ("diff", "one", "other"),
        ("check", "--target", "one", "--target", "other"),
        ("compare", "one", "other", "--no-load"),
    ],
)
def test_every_format_is_written_by_every_command(folder: Path, command: tuple[str, ...]) -> None:
    done = samewire(folder, *command, *ALL)
    assert done.exit_code == 1, done.output
    for name in ALL[1::2]:
        assert "goodbye" in (folder / name).read_text()
    assert json.loads((folder / "o.json").read_text())["schema_version"] == "1.0"
    assert done.stdout.rstrip().splitlines()[-1].startswith("different: ")


def test_what_goes_to_standard_output_stands_there_alone(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "other", "--sarif", "-", "--github")
    assert json.loads(done.stdout)["version"] == "2.1.0"
    assert "::error title=breaking%3A body changed" in done.stderr


def test_in_github_actions_it_annotates_and_summarises_unless_told_not_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    quiet = samewire(folder, "diff", "one", "other", "--no-github")
    assert ("::error " in quiet.stdout, (folder / "summary.md").exists()) == (False, False)
    done = samewire(folder, "diff", "one", "other")
    commands = [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")]
    assert commands
    assert all(line.startswith("::error title=") for line in commands)
    assert (folder / "summary.md").read_text().startswith("## Different: ")


def test_a_file_that_cannot_be_written_is_told_before_the_run(folder: Path) -> None:
    (folder / "taken").mkdir()
    for words, said in (
        (("--json", "taken"), "taken: Is a directory"),
        (("--json", "cases.yaml/x"), "cases.yaml"),
        (("--json", "x", "--sarif", "x"), "x is asked for twice"),
    ):
        done = samewire(folder, "diff", "one", "other", *words)
        assert (done.exit_code, said in done.stderr, "cases" in done.stdout) == (2, True, False), done.output


def test_what_a_run_before_left_is_removed_when_a_run_begins(tmp_path: Path) -> None:
    (tmp_path / "of-before.json").write_text("{}")
    (tmp_path / "link.json").symlink_to(tmp_path / "of-before.json")
    try_outputs(Outputs(json=tmp_path / "link.json", html=Path("/dev/null")))
    assert not (tmp_path / "of-before.json").exists()
    assert (tmp_path / "link.json").is_symlink()
