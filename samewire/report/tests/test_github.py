"""In GitHub Actions a run annotates, and adds to the summary of its step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from samewire.report.found import Found
from samewire.report.github import MOST, SUMMARY_LIMIT, add_summary, on_github, workflow_commands
from samewire.report.markdown import LIMIT, found_markdown
from samewire.report.tests.made import AT, DIFFERS, pair
from samewire.result import Difference, DiffResult, Grade

TODAY = AT.date()


def many(count: int, size: int = 1) -> Found:
    """As many causes, each with long values."""
    found = tuple(Difference("A-2", f"header.x{n:x}z", "a" * size, "b" * size, Grade.BREAKING) for n in range(count))
    return Found.of(DiffResult("old", "new", (replace(DIFFERS, differences=found),)))


def test_an_annotation_is_escaped_as_github_asks() -> None:
    difference = Difference("A-2", "body", "100%", "a\nb", Grade.NOTABLE)
    (line,) = workflow_commands(Found.of(DiffResult("old", "new", (pair("A-2", difference),))), TODAY).splitlines()
    assert line.startswith("::warning title=notable%3A body changed%2C in 1 case::")
    assert "100%25" in line
    assert "%0A" in line


def test_no_more_annotations_are_written_than_are_shown() -> None:
    assert len(workflow_commands(many(50), TODAY).splitlines()) == MOST


def test_the_summary_is_appended_while_there_is_room(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    file.write_text("before\n")
    environment = {"GITHUB_STEP_SUMMARY": str(file)}
    add_summary(many(1), TODAY, environment)
    said = file.read_text()
    assert said.startswith("before\n## Different: ")
    file.write_text("x" * SUMMARY_LIMIT)
    add_summary(many(1), TODAY, environment)
    assert file.stat().st_size == SUMMARY_LIMIT
    add_summary(many(1), TODAY, {})


def test_a_step_is_known_by_its_environment() -> None:
    assert on_github({"GITHUB_ACTIONS": "true"})
    assert not on_github({})


def test_markdown_stays_short_enough_for_a_comment_and_closes_what_it_opens() -> None:
    text = found_markdown(many(500, 5000), TODAY)
    assert len(text) <= LIMIT + 100
    assert text.count("<details>") == text.count("</details>")
    assert "480 more causes" in text
