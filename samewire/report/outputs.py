"""Where a result is written, and the one place that writes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samewire.comparison import Comparison
from samewire.report.found import Found
from samewire.report.github import add_summary, workflow_commands
from samewire.report.json_file import found_json, json_text
from samewire.result import DiffResult

STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that are wanted, `-` being standard output, and how much is told."""

    json: Path | None = None
    junit: Path | None = None
    sarif: Path | None = None
    markdown: Path | None = None
    html: Path | None = None
    github: bool = False
    """Whether to annotate, and to add to the summary of a step of GitHub Actions."""
    verbose: bool = False
    """Whether the terminal shows every case that differs or fails, and not the causes alone."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Those that are wanted."""
        return tuple(path for path in (self.json, self.junit, self.sarif, self.markdown, self.html) if path is not None)

    @property
    def on_standard_output(self) -> bool:
        """Whether standard output is for one of these, and so nothing else may be written there."""
        return STANDARD_OUTPUT in self.files


def write_outputs(found: Found | Comparison | DiffResult, outputs: Outputs, at: datetime | None = None) -> None:
    """Write what is asked for; parents of files are made. `at` is when the run ended. Raises OSError."""
    whole, moment = Found.of(found), at or datetime.now().astimezone()
    for path, text in _texts(whole, outputs, moment):
        write_text(text, path)
    if outputs.github:
        add_summary(whole, moment.date())
        (sys.stderr if outputs.on_standard_output else sys.stdout).write(workflow_commands(whole, moment.date()))


def try_outputs(outputs: Outputs) -> None:
    """Before a run that may take minutes: OSError for a file that could not be written, ValueError for one named twice.

    What a run before left there is removed: it would be taken for what this one found, should this one not end.
    """
    for path in outputs.files:
        if outputs.files.count(path) > 1:
            raise ValueError(f"{path} is asked for twice: give each format a file of its own")
        if path != STANDARD_OUTPUT:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab"):
                pass
            if path.is_file() and path.parts[:2] not in (("/", "dev"), ("/", "proc")):
                path.write_bytes(b"")
                with suppress(OSError):  # in a folder in which nothing may be made, the file stays and is empty
                    path.resolve().unlink()


def write_text(text: str, path: Path) -> None:
    """To a file, or for `-` to standard output; what UTF-8 can't say is escaped. Raises OSError."""
    data = text.encode("utf-8", "backslashreplace")
    if path == STANDARD_OUTPUT:
        sys.stdout.write(data.decode("utf-8"))
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _texts(found: Found, outputs: Outputs, at: datetime) -> Iterator[tuple[Path, str]]:
    """Each made, and what makes it imported, only when it is wanted: `samewire --help` is to be quick."""
    today = at.date()
    if outputs.json is not None:
        yield outputs.json, json_text(found_json(found, today))
    if outputs.junit is not None:
        from samewire.report.junit import found_xml

        yield outputs.junit, found_xml(found)
    if outputs.sarif is not None:
        from samewire.report.sarif import found_sarif

        yield outputs.sarif, json_text(found_sarif(found))
    if outputs.markdown is not None:
        from samewire.report.markdown import found_markdown

        yield outputs.markdown, found_markdown(found, today)
    if outputs.html is not None:
        from samewire.report.html import page

        yield outputs.html, page(found, at)
