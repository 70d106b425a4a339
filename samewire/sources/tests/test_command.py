"""`samewire sources`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from samewire.cli import app

DATA = Path(__file__).parent / "data"


def sources(*words: str | Path, input: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["sources", *map(str, words)], input=input)


def test_each_source_is_accounted_for_and_secrets_are_masked() -> None:
    done = sources(DATA / "access.log", DATA / "requests.curl", "--records", "20")
    assert done.exit_code == 0
    assert "access.log (access-log): 12 read = 6 to send + 1 skipped (an access log does not keep" in done.stdout
    assert "methods: 4 GET, 1 HEAD, 1 DELETE; 1 unsafe, sent with --allow-unsafe only" in done.stdout
    assert "DELETE /items/{}" in done.stdout
    assert "Authorization: Basic [redacted sha256:" in done.stdout
    assert "bWU6c2VjcmV0" not in done.stdout


def test_json_says_the_same() -> None:
    (found,) = json.loads(sources(DATA / "browser.har", "--json", "--records", "1").stdout)
    assert (found["read"], found["sent"], sum(found["skipped"].values())) == (8, 4, 4)
    assert found["methods"] == {"POST": 3, "GET": 1}
    assert [record["target"] for record in found["first"]] == ["/items?q=t%C3%A9&page=1"]


def test_the_same_origin_as_elsewhere_can_be_chosen() -> None:
    (found,) = json.loads(sources(DATA / "browser.har", "--json", "--origin", "https://cdn.example").stdout)
    assert found["routes"] == {"GET /a.js": 1}


def test_a_source_of_which_nothing_can_be_sent_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text("nothing of a log\n")
    done = sources(tmp_path / "access.log")
    assert done.exit_code == 3
    assert "1 read = 0 to send + 1 skipped (not a line of" in done.stdout


def test_what_cannot_be_read_is_a_usage_error_that_names_it(tmp_path: Path) -> None:
    done = sources(tmp_path / "none.har")
    assert done.exit_code == 2
    assert "none.har: No such file or directory" in done.stderr
