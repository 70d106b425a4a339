"""`samewire streaming`: whether each of two servers sends an answer as it makes it, or all at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from samewire.ascii import strip
from samewire.cases.model import Request
from samewire.commands import UsageError, configured, guarded
from samewire.config import Config
from samewire.engine import Done, Session
from samewire.interrupt import run
from samewire.launch import NotStarted
from samewire.relating import Stage
from samewire.report.options import with_outputs
from samewire.report.outputs import Outputs, write_outputs
from samewire.report.terminal import Screen
from samewire.result import DiffResult, PairResult, Streamed
from samewire.serving import serving
from samewire.streaming.arrival import Arrival
from samewire.streaming.watching import Watch
from samewire.targets import Target, resolve

NO_EVIDENCE = 3
_LEAST = 8
"""Repeats without which no verdict can have its confidence: 2 ** -7 is less than 1 in 100."""


class Asked(NamedTuple):
    """What is asked, how often, and how long an answer may take."""

    requests: tuple[Request, ...]
    repeats: int
    seed: int
    timeout: float


@with_outputs
def streaming(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A target of the configuration, or a URL.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A target or a URL: what is to stream as OLD does.")],
    path: Annotated[
        list[str], typer.Option("--path", metavar="PATH", help="What to GET: '/ask?query=x'. May be repeated.")
    ],
    header: Annotated[
        list[str] | None, typer.Option("--header", metavar="'NAME: VALUE'", help="To send with it. May be repeated.")
    ] = None,
    repeats: Annotated[int, typer.Option(min=_LEAST, max=1000, help="How often each server is asked.")] = 20,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one answer may take.")] = 10.0,
    seed: Annotated[int | None, typer.Option(help="Of the order in which they are asked.")] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The configuration; samewire.toml if there.")
    ] = None,
    *,
    outputs: Outputs,
) -> None:
    """Ask OLD and NEW for a stream again and again, and say of each whether it sends it as it makes it, or all at once.

    It needs no help from the servers. Of each answer it takes the share of its time that lies between its first byte of
    content and its last; all repeats together give the verdict and how sure it is: incremental, buffered or undecided.
    It is a difference, and the exit status 1, when OLD is clearly incremental and NEW clearly buffered; 3 when a server
    stays undecided: ask more often, or for an answer that takes longer to make.

    Example: samewire streaming http://old:8080 http://new:8080 --path '/events?n=5' --repeats 40
    """
    screen = Screen(results_on_stderr=outputs.on_standard_output, verbose=outputs.verbose)
    with guarded():
        found = configured(config)
        requests = tuple(Request(target=_origin_form(one), headers=tuple(map(_field, header or ()))) for one in path)
        asked = Asked(requests, repeats, secrets.randbits(32) if seed is None else seed, timeout)
        targets = resolve(old, found), resolve(new, found)
        with screen.working():
            result = run(_run(found, targets, asked, screen.stage))
        write_outputs(result, outputs)
        screen.diff(result)
        status = result.exit_status
        if status == 0 and any(Arrival.UNDECIDED in (one.old, one.new) for one in result.streams):
            screen.complain("undecided is not the same: ask more often, or for an answer that takes longer to make")
            status = NO_EVIDENCE
    raise typer.Exit(status)


async def _run(config: Config, targets: tuple[Target, Target], asked: Asked, stage: Stage) -> DiffResult:
    old, new = targets
    try:
        async with serving(targets) as (old_server, new_server):
            watch = Watch(Session(config), old_server, new_server, asked.repeats, asked.seed)
            found = await _watched(watch, asked, stage)
    except NotStarted as error:
        return DiffResult(old.name, new.name, (), not_started=(str(error),))
    pairs, streams = tuple(pair for pair, _ in found), tuple(streamed for _, streamed in found)
    return DiffResult(old.name, new.name, pairs, streams=streams)


async def _watched(watch: Watch, asked: Asked, stage: Stage) -> Sequence[tuple[PairResult, Streamed]]:
    found = []
    for number, request in enumerate(asked.requests, 1):
        progress = stage(request.target, asked.repeats)
        id = f"STR-{number}"
        found.append(await watch.all_repeats(id, request, asked.timeout, _teller(progress, id, asked.repeats)))
    return found


def _teller(progress: Callable[[Done], None], id: str, repeats: int) -> Callable[[int], None]:
    return lambda done: progress(Done(id, True, done, repeats))


def _origin_form(path: str) -> str:
    if not path.startswith("/"):
        raise UsageError(f"--path {path}: a path begins with `/`; the servers are OLD and NEW")
    return path


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not strip(name):
        raise UsageError(f"--header {line}: a field is written `Name: value`")
    return strip(name), strip(value)
