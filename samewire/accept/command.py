"""`samewire accept`: a difference that is meant becomes an entry of samewire.toml, with a reason and a last day."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from samewire.accept.entry import entry
from samewire.accept.occurred import listed, meant, occurred
from samewire.commands import UsageError, configured, guarded
from samewire.compare import Accepted
from samewire.config import ConfigError
from samewire.report.terminal import Screen

_CONFIG = Path("samewire.toml")


def accept(
    id: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", help="Of a difference: what reports show in brackets, its beginning, or CASE:PLACE."
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why it is meant: for whoever reads the report.")] = "",
    until: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="The last day on which it is accepted; after it runs fail.")
    ] = "",
    owner: Annotated[str, typer.Option(help="Whom to ask; else the name you are logged in with.")] = "",
    cases: Annotated[
        str | None, typer.Option(metavar="GLOB", help="In which cases; else only those in which it was seen.")
    ] = None,
    any_value: Annotated[
        bool, typer.Option("--any-value", help="Whatever the two sides show there, and not only what they showed.")
    ] = False,
    result: Annotated[Path, typer.Option(metavar="FILE", help="The result of the run, as --json wrote it.")] = Path(
        "report/result.json"
    ),
    config: Annotated[Path, typer.Option(metavar="FILE", help="The configuration to write to.")] = _CONFIG,
    list_ids: Annotated[
        bool, typer.Option("--list", help="Show the ids of what differed, and change nothing.")
    ] = False,
) -> None:
    """Accept a difference of the last run: write an [[accepted]] entry to samewire.toml.

    The entry is narrow: the place, the cases and the values that were seen. One that has expired, or that no longer
    occurs in a full run, fails the run. Accepting the same again with another day or reason changes the entry.

    Examples: samewire accept --list; samewire accept 3f2a --reason 'the new server names itself' --until 2027-03-31
    """
    with guarded():
        differences = occurred(result)
        if list_ids:
            Screen().say(listed(differences) or "the last run had no difference that is not accepted")
            return
        if id is None:
            raise UsageError(f"which difference? Give one of these ids:\n{listed(differences)}")
        cluster = meant(id, differences)
        day = _day(until)
        if not reason.strip():
            raise UsageError("why is it meant? Give --reason, which the reports show")
        made = entry(cluster, reason.strip(), owner.strip() or _user(), day, any_value=any_value)
        made |= {} if cases is None else {"cases": cases}
        Accepted.model_validate(made)
        _write(config, made)


def _write(config: Path, made: dict[str, object]) -> None:
    """Imported late: only this needs tomlkit."""
    from samewire.accept.toml_file import replace_file, with_entry, written

    configured(config)
    text = config.read_bytes().decode()
    try:
        changed = with_entry(text, made)
    except ConfigError as error:
        raise UsageError(f"{config}: {error}") from None
    Screen().say(written(made).rstrip())
    if changed == text:
        Screen().say(f"{config} has it already")
        return
    replace_file(config, changed)
    Screen().say(f"{config} accepts it until {made['until']}")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"until when? Give --until a day as YYYY-MM-DD, not {text!r}") from None
    if day < date.today():
        raise UsageError(f"--until {day} is in the past: an accepted difference needs a last day to come")
    return day


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise UsageError("whom to ask about it? Give --owner") from None
