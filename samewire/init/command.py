"""`samewire init`: asks for two servers and some traffic, tries both, and writes what a comparison needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.prompt import Confirm, Prompt

from samewire.commands import UsageError, guarded
from samewire.init.files import IGNORE, files, in_the_way, put
from samewire.init.traffic import look
from samewire.init.trial import tried
from samewire.init.wanted import Wanted, wanted
from samewire.interrupt import run
from samewire.launch import NotStarted
from samewire.report.terminal import Screen

NO_EVIDENCE, NOT_STARTED = 3, 4
Named = tuple[str, str | None]
"""A source's path, and its format where it is given."""
_SERVER = "URL_OR_COMMAND"


def init(
    old: Annotated[
        str | None,
        typer.Option(metavar=_SERVER, help="The server that is known to be right: where it runs, or what starts it."),
    ] = None,
    new: Annotated[str | None, typer.Option(metavar=_SERVER, help="The server that is to behave the same.")] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help="Requests: a HAR file, an access log, curl commands, an OpenAPI description, … May be repeated.",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(metavar="FORMAT", help="Of the sources, when their names and beginnings do not tell it."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; write.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
) -> None:
    """Write samewire.toml, a first case, a locust file and a CI workflow for two servers; then `samewire check` runs.

    What is not given is asked for, on a terminal. Both servers are tried first: a command is run, with {port} in it
    standing for a free port, and stopped again; a URL is connected to. Only GET requests are sent. No secret of the
    traffic is written.

    Examples: samewire init; samewire init --old https://old.example --new https://new.example --from traffic.har;
    samewire init --old 'python -m old --port {port}' --new 'uvicorn new:app --port {port}' --from access.log --yes
    """
    with guarded():
        status = _init(Screen(), old, new, [(source, format) for source in sources or ()], folder, yes=yes, force=force)
    raise typer.Exit(status)


def _init(
    screen: Screen, old: str | None, new: str | None, sources: Sequence[Named], folder: Path, *, yes: bool, force: bool
) -> int:
    asking = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    _refuse_overwriting(folder, force=force)
    chosen = _asked(old, new, sources, folder) if asking else _given(old, new, sources, folder)
    traffic = look(chosen.sources)
    if chosen.sources:
        screen.say(f"traffic: {traffic.sent} of the first {traffic.read} records can be sent")
    try:
        trial = run(tried(chosen.config(), [record for record, _ in traffic.requests.most_common()]))
    except NotStarted as error:
        screen.complain(f"{error}\nNothing was written. In a command {{port}} stands for the port it is to listen on.")
        return NOT_STARTED
    for line in trial.seen:
        screen.say(line)
    if not trial.cases:
        screen.complain(
            "the old server answers nothing of what was asked, so nothing could be compared: nothing was written"
        )
        return NO_EVIDENCE
    found = files(chosen, traffic, trial)
    if asking and not Confirm.ask(f"Write {len(found)} files to {folder.resolve()}?", default=True):
        screen.say("nothing was written")
        return 0
    put(folder, found)
    for path in (*(file.path for file in found), IGNORE):
        screen.say(f"wrote {path}")
    screen.say("next: samewire check")
    return 0


def _given(old: str | None, new: str | None, sources: Sequence[Named], folder: Path) -> Wanted:
    if old is None or new is None:
        missing = " and ".join(f"--{side}" for side, given in (("old", old), ("new", new)) if given is None)
        raise UsageError(f"give {missing}: a URL, https://HOST[:PORT], or a command that starts the server")
    return wanted(old, new, sources, folder)


def _asked(old: str | None, new: str | None, sources: Sequence[Named], folder: Path) -> Wanted:
    """What is not given is asked for; what can't be used is said at once."""
    old = old or Prompt.ask("The old server, known to be right (URL or command)")
    new = new or Prompt.ask("The new server, to behave the same (URL or command)")
    if not sources:
        file = Prompt.ask(
            "A file of requests: HAR, access log, curl, OpenAPI, … (none: leave empty)", default="", show_default=False
        )
        sources = [(file, None)] if file else []
    return wanted(old, new, sources, folder)


def _refuse_overwriting(folder: Path, *, force: bool) -> None:
    if (there := in_the_way(folder)) and not force:
        raise UsageError(
            f"{folder.resolve()} has {', '.join(there)} already: --force overwrites, --folder names another place"
        )
