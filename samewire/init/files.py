"""The files that `samewire init` writes: which there are, what they say, and what is in their way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from samewire.cases.yaml_file import write
from samewire.compare import printable
from samewire.init.installed import requirement
from samewire.init.traffic import Traffic
from samewire.init.trial import Trial
from samewire.init.wanted import NEW, OLD, Wanted

CONFIG, CASES, LOCUST, WORKFLOW = "samewire.toml", "cases/first.yaml", "locustfile.py", ".github/workflows/samewire.yml"
IGNORE, IGNORED = ".gitignore", ("/report/", ".hypothesis/")
_ACTIONS = 20
"""Requests that the locust file makes, at the most."""


class Written(NamedTuple):
    """A file to write, by its path relative to the folder."""

    path: str
    text: str


def files(wanted: Wanted, traffic: Traffic, trial: Trial) -> tuple[Written, ...]:
    """All but .gitignore, to which lines are added."""
    given = {"wanted": wanted, "traffic": traffic, "old": OLD, "new": NEW, "sources": _sources(wanted)}
    actions = [(record.target, traffic.requests[record] or 1) for record in trial.found[:_ACTIONS]]
    extras = "[openapi]" if any(source.format == "openapi" for source in wanted.sources) else ""
    return (
        Written(CONFIG, _rendered(CONFIG, **given)),
        Written(CASES, _rendered(CASES, **given, cases=write(trial.cases))),
        Written(LOCUST, _rendered(LOCUST, **given, actions=actions)),
        Written(WORKFLOW, _rendered(WORKFLOW, **given, installs=requirement(wanted.folder, extras))),
    )


def in_the_way(folder: Path) -> tuple[str, ...]:
    """Those of the files that are there already."""
    return tuple(path for path in (CONFIG, CASES, LOCUST, WORKFLOW) if (folder / path).exists())


def put(folder: Path, found: Sequence[Written]) -> None:
    """Writes them, and adds to .gitignore what it does not have."""
    for file in found:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, "utf-8")
    path = folder / IGNORE
    there = path.read_text("utf-8") if path.exists() else ""
    missing = [line for line in IGNORED if line not in there.splitlines()]
    if missing:
        path.write_text("\n".join([*([there.rstrip("\n")] if there else []), *missing, ""]), "utf-8")


def _sources(wanted: Wanted) -> list[tuple[str, str]]:
    return [(wanted.source_path(source), source.format) for source in wanted.sources]


def _rendered(name: str, **given: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, autoescape=False,  # noqa: S701 - text for people, not HTML
    )  # fmt: skip
    environment.filters |= {"toml": toml, "python": _python, "comment": _comment}
    return environment.get_template(f"{Path(name).name}.jinja").render(given)


def toml(value: object) -> str:
    """A string or a list of strings as TOML has them; JSON's are, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _python(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _comment(text: str) -> str:
    """What came from a file, in one line that can't end the comment it stands in."""
    return printable(text)
