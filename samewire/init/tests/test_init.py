"""`samewire init`, as a user runs it: two real servers, and what it wrote is then used as it is."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from samewire.cli import app
from samewire.config import load
from samewire.load.plan import plan_of

SERVER = Path(__file__).parents[2] / "tests" / "small_server.py"
COMMAND = f"{sys.executable} {SERVER} --port {{port}} --head"
FILES = ("samewire.toml", "cases/first.yaml", "locustfile.py", ".github/workflows/samewire.yml")
TRAFFIC = """
curl http://shop.example/greeting -H 'Authorization: Bearer very-secret-1' -H 'X-Page: 1'
curl http://shop.example/greeting -H 'Authorization: Bearer very-secret-1' -H 'X-Page: 1'
curl 'http://shop.example/ready?token=very-secret-2'
curl http://shop.example/nowhere
curl http://shop.example/greeting -d 'password=very-secret-3'
"""


@pytest.fixture
def url() -> Iterator[str]:
    """A server that runs already."""
    words = [sys.executable, str(SERVER), "--head"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().removeprefix("listening on ").strip()
        server.terminate()


def samewire(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "samewire", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=100, check=False, stdin=subprocess.DEVNULL
    )


def init(folder: Path, old: str, new: str, *others: str) -> subprocess.CompletedProcess[str]:
    return samewire(folder, "init", "--old", old, "--new", new, "--yes", *others)


def ok(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_two_servers_and_some_traffic_become_a_check_that_passes_and_a_load_that_runs(tmp_path: Path, url: str) -> None:
    (tmp_path / "traffic.curl").write_text(TRAFFIC)
    said = ok(init(tmp_path, COMMAND, url, "--from", "traffic.curl"))
    assert "old: " in said
    assert "GET / answers HTTP/1.1 404" in said
    assert "next: samewire check" in said
    assert all((tmp_path / name).is_file() for name in FILES)
    config = load(tmp_path / "samewire.toml")
    assert [(source.path, source.format) for source in config.sources] == [("traffic.curl", "curl")]
    assert "same" in ok(samewire(tmp_path, "check"))
    assert plan_of(config).locustfile == tmp_path / "locustfile.py"
    if find_spec("locust"):
        words = [sys.executable, "-m", "locust", "-f", "locustfile.py", "--list"]
        assert "Visitor" in subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout


def test_no_secret_of_the_traffic_is_written_and_equal_ones_look_equal(tmp_path: Path, url: str) -> None:
    (tmp_path / "traffic.curl").write_text(TRAFFIC)
    ok(init(tmp_path, url, url, "--from", "traffic.curl"))
    text = "".join((tmp_path / name).read_text() for name in FILES)
    assert "very-secret" not in text
    assert re.search(r"Authorization: Bearer \[redacted sha256:[0-9a-f]{8}\]  \(2 requests\)", text)
    assert '# headers_env = { Authorization = "OLD_AUTHORIZATION" }' in text
    assert '"/greeting": 2,' in text
    assert "/ready" not in (tmp_path / "locustfile.py").read_text()


def test_the_workflow_is_yaml_that_runs_samewire(tmp_path: Path, url: str) -> None:
    ok(init(tmp_path, url, url))
    workflow = yaml.safe_load((tmp_path / FILES[3]).read_text())
    runs = [step.get("run", "") for step in workflow["jobs"]["samewire"]["steps"]]
    assert "samewire compare old new --no-load --report report" in runs


def test_what_is_there_is_not_overwritten_unless_forced(tmp_path: Path, url: str) -> None:
    (tmp_path / "samewire.toml").write_text("mine")
    (tmp_path / ".gitignore").write_text("/data/")
    done = init(tmp_path, url, url)
    assert done.returncode == 2
    assert "has samewire.toml already: --force overwrites" in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("samewire.toml", ".gitignore")] == []
    ok(init(tmp_path, url, url, "--force"))
    ok(init(tmp_path, url, url, "--force"))
    assert load(tmp_path / "samewire.toml").targets["old"].url == url
    assert (tmp_path / ".gitignore").read_text() == "/data/\n/report/\n.hypothesis/\n"


def test_another_folder_is_written_to_and_commands_still_run_here(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_bytes(SERVER.read_bytes())
    (tmp_path / "traffic.curl").write_text("curl http://a/greeting")
    command = f"{sys.executable} server.py --port {{port}} --head"
    ok(init(tmp_path, command, command, "--folder", "made/here", "--from", "traffic.curl"))
    config = load(tmp_path / "made/here/samewire.toml")
    assert (config.targets["old"].cwd, config.sources[0].path) == ("../..", "../../traffic.curl")
    assert "same" in ok(samewire(tmp_path / "made/here", "check"))


def test_on_a_terminal_it_asks_for_what_is_not_given_and_before_it_writes(tmp_path: Path, url: str) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "samewire", "init", "--new", url]
    with subprocess.Popen(words, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = _talk(ours, [("The old server", url), ("A file of requests", ""), ("Write 4 files", "n")])
    os.close(ours)
    assert "The new server" not in said
    assert "nothing was written" in said
    assert (process.returncode, list(tmp_path.iterdir())) == (0, [])


def _talk(terminal: int, answers: list[tuple[str, str]]) -> str:
    """All that is shown, when each question has been answered as it came."""
    said = ""
    with suppress(OSError):  # on Linux: the other side has closed the terminal
        while data := os.read(terminal, 4096):
            said += data.decode("utf-8", "replace")
            if answers and answers[0][0] in said:
                os.write(terminal, f"{answers.pop(0)[1]}\n".encode())
    return said


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "give --old and --new: a URL"),
        (("--old", "http://127.0.0.1:1"), 2, "give --new: a URL"),
        (("--old", "http://a:b@c/", "--new", "http://d"), 2, "headers_env"),
        (("--old", "serve --token=abcdef", "--new", "http://d"), 2, "--old: the command has a secret in it"),
        (("--old", "it's", "--new", "http://d"), 2, "--old: \"it's\" can't be split into words"),
        (("--old", "http://a/?b", "--new", "http://d"), 2, "--old: "),
        (("--old", "http://a", "--new", "http://b", "--from", "none.har"), 2, "none.har: No such file"),
        (("--old", "/no/such/program", "--new", "/no/such/program"), 4, "cannot run '/no/such/program'"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    tmp_path: Path, words: Sequence[str], status: int, said: str
) -> None:
    done = CliRunner().invoke(app, ["init", "--folder", str(tmp_path), *words])
    assert done.exit_code == status, done.output
    assert said in done.stderr
    assert not {"a:b", "abcdef"} & set(re.findall(r"[\w:]+", done.stderr))
    assert list(tmp_path.iterdir()) == []
