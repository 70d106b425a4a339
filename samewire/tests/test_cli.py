"""The commands as a user types them: exit statuses, what is said, what is written."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import psutil
import pytest
from typer.testing import CliRunner

from samewire.cli import app

SERVER = Path(__file__).with_name("small_server.py")
CASES = """
- id: A-1
  title: the greeting is hello
  why: Contract. A greeting greets.
  steps:
    - send: {target: /greeting}
    - receive: {status: 200, body: {text: hello}}
- id: A-2
  title: what is not there is 404
  why: RFC 9110 section 15.5.5
  steps:
    - send: {target: /nothing}
    - receive: {status: 404}
"""
CONFIG = f"""
cases = "cases.yaml"
targets.one.command = ["{{python}}", "{SERVER}"]
targets.same.command = ["{{python}}", "{SERVER}"]
targets.other.command = ["{{python}}", "{SERVER}", "--greeting", "goodbye"]
targets.slips.command = ["{{python}}", "{SERVER}", "--slip", "2"]
targets.broken.command = ["{{python}}", "{SERVER}", "--crash"]
use_aiohttp.false = "one"
use_aiohttp.true = "same"
relations.enabled = false
"""


class Done(NamedTuple):
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "samewire.toml").write_text(CONFIG)
    (tmp_path / "cases.yaml").write_text(CASES)
    return tmp_path


def samewire(folder: Path, *words: str) -> Done:
    """In this process, which is quicker than a new one, and in the folder."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(app, words)
    return Done(done.exit_code, done.stdout, done.stderr)


def last_line(text: str) -> str:
    return text.rstrip().splitlines()[-1]


def written(path: Path) -> Any:
    return json.loads(path.read_text())


def test_two_servers_that_behave_the_same_are_the_same(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "same", "--json", "out.json")
    assert last_line(done.stdout) == "same: 2 comparisons, 0 differences, 0 failed alike"
    assert done.returncode == 0
    found = written(folder / "out.json")
    assert (found["verdict"], found["comparisons"], found["differences"]) == ("same", 2, [])


def test_with_relations_a_server_that_knows_no_head_is_wrong_by_itself_and_that_is_counted(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "same", "--relations", "--json", "out.json")
    assert done.returncode == 1
    found = written(folder / "out.json")
    assert found["failed_alike"] == ["A-1.head"]
    assert {failure["got"] for failure in found["failures"]} == {"501"}
    assert {one["relation"] for one in found["relations"]} == {"head", "options", "gzip", "range-first"}
    assert "one with itself: HEAD 1, OPTIONS 0 of 1, codings 0 of 1, ranges 0 of 1" in done.stdout


def test_a_server_is_the_same_as_a_second_start_of_itself(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "one")
    assert (done.returncode, last_line(done.stdout)[:4]) == (0, "same")


def test_a_flaky_place_fails_the_run_where_that_is_asked_for(folder: Path) -> None:
    cases = CASES.replace(", body: {text: hello}", "")
    (folder / "cases.yaml").write_text(cases)
    lenient = samewire(folder, "diff", "one", "slips")
    strict = samewire(folder, "diff", "one", "slips", "--strict")
    assert (lenient.returncode, strict.returncode) == (0, 1)
    assert "differed once on slips, and not when it was asked again: " in strict.stdout
    assert last_line(strict.stdout).endswith(", 1 flaky, which --strict fails")
    assert "flaky" not in last_line(lenient.stdout)


def test_a_difference_is_named_by_its_place_with_both_sides_its_reason_and_a_reproducer(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "other", "--json", "out.json", "--junit", "out.xml")
    assert done.returncode == 1
    assert last_line(done.stdout).startswith("different: 2 comparisons, ")
    for said in (
        "A-1  the greeting is hello",
        "body differs",
        "goodbye",
        "why: Contract. A greeting greets.",
        "again: curl ",
    ):
        assert said in done.stdout
    found = written(folder / "out.json")
    (body,) = [difference for difference in found["differences"] if difference["place"] == "body"]
    assert (body["case"], body["grade"]) == ("A-1", "breaking")
    assert ("hello" in body["old"], "goodbye" in body["new"]) == (True, True)
    assert [failure["target"] for failure in found["failures"]] == ["other"]
    failed = ElementTree.parse(folder / "out.xml").iterfind(".//testcase[failure]")  # noqa: S314 - our own file
    assert {(case.get("classname"), case.get("name")) for case in failed} == {
        ("other", "A-1 the greeting is hello"),
        ("one and other", "A-1 the greeting is hello"),
    }


def test_what_is_wrong_on_both_is_the_same_and_fails_all_the_same(folder: Path) -> None:
    (folder / "cases.yaml").write_text(CASES.replace("status: 404", "status: 410"))
    done = samewire(folder, "diff", "one", "same", "--json", "out.json")
    assert done.returncode == 1
    assert last_line(done.stdout) == "same: 2 comparisons, 0 differences, 1 failed alike"
    assert written(folder / "out.json")["failed_alike"] == ["A-2"]


def test_no_case_is_no_evidence(folder: Path) -> None:
    (folder / "cases.yaml").write_text("")
    done = samewire(folder, "diff", "one", "same", "--json", "out.json")
    assert done.returncode == 3
    assert last_line(done.stdout) == "inconclusive: 0 comparisons, 0 differences, 0 failed alike"
    assert written(folder / "out.json")["verdict"] == "inconclusive"
    assert samewire(folder, "compare", "--no-load").returncode == 3


def test_a_target_that_does_not_start_is_told_with_its_last_words(folder: Path) -> None:
    done = samewire(folder, "diff", "one", "broken", "--json", "out.json")
    assert done.returncode == 4
    assert "broken: ended with exit status 1 before it served." in done.stdout
    assert "the disk is on fire" in done.stdout
    assert last_line(done.stdout).startswith("inconclusive: 0 comparisons")
    assert "the disk is on fire" in written(folder / "out.json")["not_started"][0]


def test_targets_may_be_urls_and_need_no_configuration(folder: Path) -> None:
    (folder / "samewire.toml").unlink()
    command = (sys.executable, str(SERVER))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[-1]
            done = samewire(folder, "diff", url, url, "--cases", "cases.yaml", "--no-relations")
        finally:
            server.kill()
    assert (done.returncode, last_line(done.stdout)) == (0, "same: 2 comparisons, 0 differences, 0 failed alike")


def test_cases_that_change_state_are_left_out_where_a_target_is_not_disposable(folder: Path) -> None:
    (folder / "cases.yaml").write_text(CASES.replace("- id: A-2", "- id: A-2\n  unsafe: true"))
    done = samewire(folder, "diff", "one", "same")
    assert "left out" in done.stdout
    assert last_line(done.stdout) == "same: 1 comparison, 0 differences, 0 failed alike, 1 left out"


def test_a_run_that_left_out_all_there_is_says_why_in_every_report(folder: Path) -> None:
    (folder / "cases.yaml").write_text(CASES.replace("title:", "unsafe: true\n  title:"))
    reports = [word for name in ("json", "junit", "sarif", "markdown", "html") for word in (f"--{name}", f"out.{name}")]
    done = samewire(folder, "diff", "one", "same", *reports)
    assert done.returncode == 3
    told = {"terminal": done.stdout} | {
        name: (folder / name).read_text() for name in reports[1::2] if "json" not in name
    }
    assert [name for name, text in told.items() if "--allow-unsafe sends them" not in " ".join(text.split())] == []
    assert json.loads((folder / "out.json").read_text())["skipped"] == ["A-1", "A-2"]


def test_they_are_sent_to_any_target_where_that_is_allowed(folder: Path) -> None:
    (folder / "cases.yaml").write_text(CASES.replace("title:", "unsafe: true\n  title:"))
    done = samewire(folder, "diff", "one", "same", "--allow-unsafe")
    assert last_line(done.stdout) == "same: 2 comparisons, 0 differences, 0 failed alike"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diff", "one", "nobody"), "there is no target 'nobody'; samewire.toml has: one, same, other, slips, broken"),
        (("diff", "one", "http://"), "has no host"),
        (("diff", "one", "same", "--cases", "none.yaml"), "there is no such file or folder"),
        (("diff", "one", "same", "--only", "B-*"), "no case of 2 fits B-*"),
        (("diff", "one", "same", "--config", "none.toml"), "none.toml: No such file"),
        (("diff", "one"), "Missing argument"),
        (("check", "--cases", "bad.yaml"), "bad.yaml:1: case A-1: title: Field required"),
        (("compare",), "there is no locust file"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_with_exit_status_2(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    (folder / "bad.yaml").write_text("{id: A-1, why: w, steps: [{send: {}}]}")
    done = samewire(folder, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_check_holds_every_target_against_the_cases_and_the_first_against_the_others(folder: Path) -> None:
    done = samewire(folder, "check", "--target", "one", "--target", "other", "--json", "-")
    assert done.returncode == 1
    assert "one: 2 of 2 cases pass" in done.stderr
    assert "other: 1 of 2 cases pass" in done.stderr
    found = json.loads(done.stdout)
    assert [target["cases"] for target in found["targets"]] == [2, 2]
    assert found["comparisons"][0]["verdict"] == "different"


def test_check_of_one_target_explains_what_fails(folder: Path) -> None:
    done = samewire(folder, "check", "--target", "other", "--only", "A-1")
    assert done.returncode == 1
    for said in ("body: expected", "goodbye", "why: Contract", "again: curl"):
        assert said in done.stdout
    assert last_line(done.stdout) == "other: 0 of 1 case pass"


def test_compare_leaves_a_page_a_json_file_and_junit(folder: Path) -> None:
    done = samewire(folder, "compare", "one", "other", "--no-load")
    assert done.returncode == 1
    assert "one with itself: agrees in all of 2 cases" in done.stdout
    page = (folder / "report" / "index.html").read_text()
    assert "goodbye" in page
    assert "http://" not in page.split("<header>")[0]
    found = written(folder / "report" / "result.json")
    assert (found["exit_status"], found["identity"]["verdict"], found["load"]["finding"]) == (1, "same", "inconclusive")
    assert (folder / "report" / "junit.xml").read_text().startswith("<?xml")


def test_performance_that_is_required_and_not_known_is_exit_status_3(folder: Path) -> None:
    assert samewire(folder, "compare", "--no-load").returncode == 0
    assert samewire(folder, "compare", "--no-load", "--require-performance").returncode == 3


def test_an_interrupt_stops_the_servers(folder: Path) -> None:
    never = '\n[targets.never]\ncommand = ["{python}", "' + str(SERVER) + '", "--silent"]\n'
    with (folder / "samewire.toml").open("a") as file:
        file.write(never)
    command = (sys.executable, "-m", "samewire", "check", "--target", "never")
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        server = _started_by(running.pid)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert (running.returncode, "interrupted" in said, "Traceback" in said) == (130, True, False)
    server.wait(5)


def test_cases_are_listed_and_written_as_yaml_that_is_read_again(folder: Path) -> None:
    assert samewire(folder, "cases").stdout == "A-1\tthe greeting is hello\nA-2\twhat is not there is 404\n"
    exported = samewire(folder, "cases", "--yaml", "--only", "A-2").stdout
    (folder / "again.yaml").write_text(exported)
    assert samewire(folder, "cases", "again.yaml", "--yaml").stdout == exported


@pytest.mark.parametrize("command", ["check", "diff", "compare"])
def test_help_tells_the_exit_statuses(folder: Path, command: str) -> None:
    done = samewire(folder, command, "--help")
    assert done.returncode == 0
    assert "4 a target did not start" in " ".join(done.stdout.split())


def _started_by(pid: int) -> psutil.Process:
    """Waits for the event that the server has a process, at most as long as pytest lets it."""
    while True:
        for child in psutil.Process(pid).children():
            if str(SERVER) in child.cmdline():
                return child


def test_credentials_come_from_the_environment_and_are_in_nothing_that_is_said_or_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = ("the-old-ones-s3cr3t", "the-new-ones-s3cr3t-is-longer")
    extra = "\n".join(
        f'targets.{name}.headers_env = {{ Authorization = "{name.upper()}_T" }}' for name in ("one", "same")
    )
    (folder / "samewire.toml").write_text(CONFIG + extra)
    (folder / "echo.yaml").write_text(CASES.replace("/greeting", "/fields"))
    words = ("diff", "one", "same", "--cases", "echo.yaml", "--json", "out.json", "--junit", "out.xml")
    done = samewire(folder, *words)
    assert (done.returncode, "one: the environment variable ONE_T" in done.stderr) == (2, True)
    for name, token in zip(("ONE_T", "SAME_T"), tokens, strict=True):
        monkeypatch.setenv(name, f"Bearer {token}")
    done = samewire(folder, *words)
    assert done.returncode == 1
    assert [one["place"] for one in written(folder / "out.json")["differences"]] == []
    said = done.stdout + done.stderr + (folder / "out.json").read_text() + (folder / "out.xml").read_text()
    assert "s3cr3t" not in said
    assert "$SAME_T" in said
