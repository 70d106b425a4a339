"""`samewire sources`: what a source holds and what of it can be sent, without sending anything."""

from __future__ import annotations

import json as json_module
import sys
from typing import Annotated

import typer

from samewire.commands import NO_EVIDENCE, guarded
from samewire.replay.routes import route_of
from samewire.report.terminal import Screen
from samewire.sources import NAMES, Options, open_source
from samewire.sources.shown import held, lines, plain


def sources(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Files or folders of requests; - is standard input.")
    ],
    format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help=f"When it can't be told: {', '.join(NAMES)}.")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Of recordings: the origin whose requests count; else the first one's."),
    ] = None,
    examples: Annotated[int, typer.Option(min=1, help="Of an OpenAPI description: requests an operation.")] = 5,
    seed: Annotated[int, typer.Option(help="Of an OpenAPI description: what its requests follow from.")] = 0,
    records: Annotated[int, typer.Option(min=0, help="How many of the first records are shown.")] = 5,
    json: Annotated[bool, typer.Option("--json", help="As JSON: a list with an object for each file.")] = False,
) -> None:
    """Show what sources of requests hold: how much can be sent, what not and why, methods, routes, first records.

    Nothing is sent, secrets are masked, and files of any size are read in little memory, also gzip'd ones. Exit status 3
    when nothing can be sent.

    Examples: samewire sources traffic.har; zcat access.log.*.gz | samewire sources - --format access-log
    """
    with guarded():
        options = Options(origin, examples, seed)
        found = [held(open_source(file, format, options), records, route_of) for file in files]
        if json:
            json_module.dump([plain(one) for one in found], sys.stdout, indent=2)
            sys.stdout.write("\n")
        else:
            for one in found:
                for line in lines(one):
                    Screen().say(line)
    raise typer.Exit(0 if any(one.sent for one in found) else NO_EVIDENCE)
