"""`samewire accept` as a user types it: what it finds, what it writes, what it refuses."""

from __future__ import annotations

import contextlib
import json
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from samewire.cli import app

SERVER = Path(__file__).parents[2] / "tests" / "small_server.py"
CASES = """
- id: A-1
  title: a greeting comes
  why: Contract.
  steps: [{send: {target: /greeting}}, {receive: {status: 200}}]
- id: A-2
  title: a greeting comes again
  why: Contract.
  steps: [{send: {target: /greeting}}, {receive: {status: 200}}]
"""
CONFIG = f"""# Ours: keep this comment.
cases   =  "cases.yaml"
relations.enabled = false
targets.one.command = ["{{python}}", "{SERVER}"]
targets.other.command = ["{{python}}", "{SERVER}", "--greeting", "gutes"]

[use_aiohttp]
false = "one"
true = "other"  # the new one
"""
LATER = (date.today() + timedelta(60)).isoformat()
GIVEN = ("--reason", "it speaks German", "--until", LATER)


def samewire(folder: Path, *words: str) -> tuple[int, str]:
    with contextlib.chdir(folder):
        done = CliRunner().invoke(app, words)
    return done.exit_code, done.stdout + done.stderr


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which two servers that differ were compared."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "samewire.toml").write_text(CONFIG)
    (folder / "cases.yaml").write_text(CASES)
    assert samewire(folder, "diff", "one", "other", "--json", "report/result.json")[0] == 1
    return folder


@pytest.fixture
def folder(ran: Path) -> Path:
    (ran / "samewire.toml").write_text(CONFIG)
    return ran


def clusters(folder: Path) -> list[Any]:
    return list(json.loads((folder / "report" / "result.json").read_text())["clusters"])


def body(folder: Path) -> str:
    (found,) = [cluster["fingerprint"] for cluster in clusters(folder) if cluster["place"] == "body"]
    return str(found)


def entries(folder: Path) -> list[Any]:
    return list(tomllib.loads((folder / "samewire.toml").read_text()).get("accepted", []))


def test_what_is_accepted_is_no_difference_in_the_next_run(folder: Path) -> None:
    for cluster in clusters(folder):
        status, said = samewire(folder, "accept", cluster["fingerprint"], *GIVEN)
        assert (status, "[[accepted]]" in said) == (0, True)
    status, said = samewire(folder, "diff", "one", "other")
    assert status == 0, said
    assert "0 differences" in said
    assert "accepted" in said


def test_an_entry_is_narrow_and_the_rest_of_the_file_stays_as_it_was(folder: Path) -> None:
    status, _ = samewire(folder, "accept", body(folder)[:6], *GIVEN, "--owner", "me")
    text = (folder / "samewire.toml").read_text()
    assert (status, text.startswith(CONFIG)) == (0, True)
    (entry,) = entries(folder)
    assert (entry["place"], entry["cases"], entry["owner"]) == ("body", ["A-1", "A-2"], "me")
    assert (entry["old"], entry["new"], entry["until"].isoformat()) == ("hello", "gutes", LATER)


def test_an_entry_can_be_for_one_case_or_be_made_wider(folder: Path) -> None:
    assert samewire(folder, "accept", "A-2:body", *GIVEN)[0] == 0
    assert samewire(folder, "accept", body(folder), *GIVEN, "--cases", "A-*", "--any-value")[0] == 0
    narrow, wide = entries(folder)
    assert (narrow["cases"], wide["cases"], "old" in wide) == ("A-2", "A-*", False)


def test_accepting_twice_changes_nothing_and_a_later_day_changes_the_entry(folder: Path) -> None:
    samewire(folder, "accept", body(folder), *GIVEN)
    before = (folder / "samewire.toml").read_text()
    status, said = samewire(folder, "accept", body(folder), *GIVEN)
    assert (status, "has it already" in said, (folder / "samewire.toml").read_text()) == (0, True, before)
    later = (date.today() + timedelta(90)).isoformat()
    samewire(folder, "accept", body(folder), "--reason", "still", "--until", later)
    (entry,) = entries(folder)
    assert (entry["reason"], entry["until"].isoformat()) == ("still", later)


def test_ids_are_listed(folder: Path) -> None:
    status, said = samewire(folder, "accept", "--list")
    assert status == 0
    assert f"{body(folder)}  breaking  body changed, 2 times, in A-1, ..." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ffffffffffffffff", *GIVEN), "no difference has the id 'ffffffffffffffff'; there are:\n"),
        (("A-7:body", *GIVEN), "no difference has the id 'A-7:body'"),
        (GIVEN, "which difference? Give one of these ids"),
        (("A-1:body", "--reason", "x", "--until", "2020-01-01"), "in the past"),
        (("A-1:body", "--reason", "x", "--until", "soon"), "not 'soon'"),
        (("A-1:body", "--reason", " ", "--until", LATER), "Give --reason"),
        (("A-1:body", *GIVEN, "--result", "none.json"), "there is no result of a run"),
        (("A-1:body", *GIVEN, "--result", "cases.yaml"), "not a result"),
        (("A-1:body", *GIVEN, "--config", "none.toml"), "none.toml: No such file"),
    ],
)
def test_what_cannot_be_accepted_is_refused_in_words_and_nothing_is_written(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    status, told = samewire(folder, "accept", *words)
    assert (status, said in told, "Traceback" in told) == (2, True, False), told
    assert (folder / "samewire.toml").read_text() == CONFIG
    assert not list(folder.glob(".samewire.toml*"))
