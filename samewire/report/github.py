"""Tells a run to GitHub Actions: annotations as workflow commands, and the summary of the step."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from samewire.compare import printable
from samewire.report import words
from samewire.report.causes import causes, wrong_elsewhere
from samewire.report.excused import expiring
from samewire.report.found import Found
from samewire.report.markdown import found_markdown
from samewire.result import Grade

MOST = 10
"""Annotations of one kind that GitHub shows of a step."""
SUMMARY_LIMIT = 1024 * 1024
"""Bytes that a step may have in its summary."""
_KINDS = {Grade.BREAKING: "error", Grade.NOTABLE: "warning", Grade.COSMETIC: "notice"}


def on_github(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this runs in a step of GitHub Actions."""
    return environment.get("GITHUB_ACTIONS") == "true"


def workflow_commands(found: Found, today: date) -> str:
    """Workflow commands, a line each: a cluster, an expectation that is not met, an entry that is stale or soon will be."""
    counts: dict[str, int] = {}
    lines = []
    for kind, title, text in _annotations(found, today):
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= MOST:
            lines.append(f"::{kind} title={_property(title)}::{_data(text)}\n")
    return "".join(lines)


def add_summary(found: Found, today: date, environment: Mapping[str, str] = os.environ) -> None:
    """Append the Markdown to the step's summary, if there is one and room in it. Raises OSError."""
    name = environment.get("GITHUB_STEP_SUMMARY")
    if not name:
        return
    path, text = Path(name), found_markdown(found, today).encode("utf-8", "backslashreplace")
    size = path.stat().st_size if path.exists() else 0
    if size + len(text) <= SUMMARY_LIMIT:
        with path.open("ab") as file:
            file.write(text)


def _annotations(found: Found, today: date) -> Iterator[tuple[str, str, str]]:
    for diff in found.diffs:
        yield from (("error", "No evidence", text) for text in words.lacking(diff))
        yield from (("error", "Stale accepted difference", text) for text in diff.stale)
        for cause in causes(diff):
            yield _KINDS[cause.cluster.grade], f"{cause.title}, {cause.extent}", words.explain_cause(cause)
        for pair in wrong_elsewhere(diff):
            yield "error", f"{pair.case} is not as expected", words.explain_pair(pair)
    for check in found.checks if not found.comparisons else ():
        yield from (("error", f"{check.target} did not start", text) for text in check.not_started)
        for checked in check.failed:
            yield "error", f"{checked.case} fails on {check.target}", words.explain_check(checked)
    yield from (("warning", "Accepted difference", text) for text in expiring(found.diffs, today))


def _data(text: str) -> str:
    """As GitHub's toolkit escapes a command's data, so that nothing in it begins another command."""
    lines = "\n".join(map(printable, text.split("\n")))
    return lines.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
