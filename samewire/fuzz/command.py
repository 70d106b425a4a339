"""`samewire fuzz`: generated exchanges on two servers, what differs made small and kept as cases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from samewire.ascii import strip
from samewire.commands import Selection, UsageError, configured, guarded
from samewire.fuzz.example import Kind
from samewire.fuzz.whole import Options, fuzz_targets
from samewire.interrupt import INTERRUPTED
from samewire.report.outputs import Outputs, write_outputs
from samewire.report.terminal import Screen
from samewire.targets import resolve

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h|)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def fuzz(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A target of the configuration, or a URL: the reference.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A target or a URL: what is to behave the same.")],
    examples: Annotated[int, typer.Option(min=1, help="How many exchanges to generate, of all kinds together.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed and number of examples give the same exchanges.")] = 1,
    duration: Annotated[
        str | None, typer.Option("--for", metavar="TIME", help="Stop after 60s, 5m or 1h even if examples are left.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="KINDS", help="semantic, wire, stateful: some of them, with commas. All if not given."
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Traffic whose requests are varied, too; else the configuration's sources. May be repeated.",
        ),
    ] = None,
    format: Annotated[str | None, typer.Option(help="Of the traffic, where it can't be told by looking.")] = None,
    cases: Annotated[
        Path | None,
        typer.Option(
            "--cases", metavar="FILE_OR_FOLDER", help="Cases whose requests are varied; else the configuration's."
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="GLOB", help="Targets that are not asked: '/metrics*'. May be repeated."),
    ] = None,
    allow_unsafe: Annotated[
        bool,
        typer.Option("--allow-unsafe", help="Send POST, PUT, DELETE and the like though a target is not `disposable`."),
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FOLDER", help="Where cases of what is found go; else the folder of cases."),
    ] = None,
    no_write: Annotated[bool, typer.Option("--no-write", help="Write no cases.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The configuration; samewire.toml if it is there.")
    ] = None,
    *,
    outputs: Outputs,
) -> None:
    """Send generated exchanges to OLD and to NEW and demand the same outcome of both.

    Semantic: requests of cases and traffic with their methods, paths, parameters, fields and contents varied. Wire: the
    grammar of HTTP/1.1 and breaches of it, pipelines, splits, slow delivery, an early FIN. Stateful: sequences that use
    what earlier answers said, each server's own. A difference is confirmed alone, made as small as it can be, and
    written as a case (FUZ-001.yaml, and FUZ-001.sh to send it by hand) that `samewire diff` shows until it is mended.

    Examples: samewire fuzz legacy aiohttp --examples 10000 --seed 7;
    samewire fuzz http://old:8080 http://new:8080 --from traffic.har --kind semantic --for 60s
    """
    with guarded():
        if not _installed("hypothesis"):
            raise UsageError("hypothesis is not installed: pip install 'samewire[fuzz]'")
        settings = configured(config)
        options = Options(
            examples=examples,
            seed=seed,
            seconds=_seconds(duration),
            kinds=_kinds(kind),
            sources=tuple(source or ()),
            format=format,
            allow_unsafe=allow_unsafe,
            without=tuple(without or ()),
            folder=None if no_write else write or _folder(cases, settings.folder / settings.cases),
        )
        selection = Selection(config, cases, None)
        found_cases = selection.cases(settings) if cases or (settings.folder / settings.cases).exists() else ()
        targets = resolve(old, settings), resolve(new, settings)
        screen = Screen(results_on_stderr=outputs.on_standard_output, verbose=outputs.verbose)
        with screen.working():
            found = fuzz_targets(settings, targets, found_cases, options, screen.stage)
        write_outputs(found.result, outputs)
        screen.diff(found.result)
        for line in found.remarks:
            screen.say(line)
    raise typer.Exit(INTERRUPTED if found.interrupted else found.result.exit_status)


def _installed(module: str) -> bool:
    """Without importing it: what generates does that, in a process of its own."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    match = _DURATION.fullmatch(strip(text))
    if match is None or not float(match[1]):
        raise UsageError(f"--for {text}: write a time as 60s, 5m or 1h")
    return float(match[1]) * _SECONDS[match[2]]


def _kinds(given: Sequence[str] | None) -> tuple[Kind, ...]:
    names = [strip(name) for text in given or () for name in text.split(",") if strip(name)]
    unknown = [name for name in names if name not in list(Kind)]
    if unknown:
        raise UsageError(f"--kind {unknown[0]}: there are {', '.join(Kind)}")
    return tuple(kind for kind in Kind if not names or kind in names)


def _folder(cases: Path | None, configured: Path) -> Path:
    """The folder of cases; where there is none, one of its own."""
    chosen = cases or configured
    if chosen.is_dir():
        return chosen
    return chosen.parent if chosen.is_file() else Path("fuzz-cases")
