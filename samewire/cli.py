"""The command line: what each command is called and takes; `samewire --help` lists them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from samewire import commands
from samewire.accept.command import accept
from samewire.cases.schema import schema as case_schema
from samewire.cases.yaml_file import write
from samewire.commands import Selection, guarded
from samewire.fuzz.command import fuzz
from samewire.init.command import init
from samewire.prove.command import STATUSES as PROVE_STATUSES
from samewire.prove.command import prove as prove_command
from samewire.replay.options import with_traffic
from samewire.replay.wanted import Wanted
from samewire.report.options import with_outputs
from samewire.report.outputs import Outputs
from samewire.report.terminal import Screen
from samewire.sources.command import sources
from samewire.streaming.command import streaming

_STATUSES = (
    "Exit status: 0 the same, and every expectation met; 1 behaviour differs, an expectation is not met or a threshold is "
    "broken; 2 usage or configuration; 3 not enough evidence; 4 a target did not start; 130 interrupted."
)
app = typer.Typer(
    name="samewire",
    help="Does a new HTTP server behave like the old one, and is it faster? Sends the same requests to both and compares.",
    epilog=_STATUSES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The configuration; samewire.toml if it is there.")
]
Cases = Annotated[
    Path | None,
    typer.Option("--cases", metavar="FILE_OR_FOLDER", help="Cases, YAML or Python; else the configuration's."),
]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="GLOB", help="Only cases whose id fits: 'ROU-*'. May be repeated.")
]
Related = Annotated[
    bool | None,
    typer.Option(
        "--relations/--no-relations",
        help="Ask again for each GET that is answered 200, by HEAD, with conditions, in ranges, coded, and hold each "
        "server's answers against each other; else as [relations] of the configuration says: yes.",
    ),
]

Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Fail, with 1, also when a place is flaky: in some answers of one server to the same request, not in all.",
    ),
]


def _print_version(wanted: bool) -> None:
    """Print the version of the distribution that is installed, and end."""
    if wanted:
        typer.echo(f"samewire {version('samewire')}")
        raise typer.Exit


@app.callback()
def common(
    _: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that stand before a command."""


@app.command(epilog=_STATUSES)
@with_outputs
@with_traffic
def check(
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target", metavar="NAME_OR_URL", help="A target of the configuration, or a URL. May be repeated."
        ),
    ] = None,
    cases: Cases = None,
    only: Only = None,
    config: Config = None,
    relations: Related = None,
    strict: Strict = False,
    *,
    traffic: Wanted,
    outputs: Outputs,
) -> None:
    """Start the targets, hold every case against each, and compare each case between the first and the others.

    Without --target: all targets of the configuration. Example: samewire check --target legacy --only 'KAL-*'
    """
    with guarded():
        status = commands.check(
            Selection(config, cases, only, relations, traffic, strict), target or [], _screen(outputs), outputs
        )
    raise typer.Exit(status)


@app.command(epilog=_STATUSES)
@with_outputs
@with_traffic
def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A target of the configuration, or a URL: what is known to be right.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A target or a URL: what is to behave the same.")],
    cases: Cases = None,
    only: Only = None,
    config: Config = None,
    relations: Related = None,
    strict: Strict = False,
    *,
    traffic: Wanted,
    outputs: Outputs,
) -> None:
    """Carry out every case on OLD and on NEW and compare what is observed. The last line is the verdict.

    The JSON has "verdict" (same, different, inconclusive), "comparisons" (how many cases were observed on both),
    "failed_alike" (ids of cases that are the same and wrong on both), "differences", each with "case", "place", "old",
    "new" and "grade" (breaking, notable, cosmetic), and "clusters" of them, whose "fingerprint" samewire accept takes.

    Examples: samewire diff legacy aiohttp --json out.json;
    samewire diff http://old:8080 http://new:8080 --cases cases/;
    samewire diff http://old:8080 http://new:8080 --from traffic.har --from access.log
    """
    with guarded():
        status = commands.diff(
            Selection(config, cases, only, relations, traffic, strict), (old, new), _screen(outputs), outputs
        )
    raise typer.Exit(status)


@app.command(epilog=_STATUSES)
@with_outputs
@with_traffic
def compare(
    old: Annotated[
        str | None, typer.Argument(metavar="OLD", help="A target or a URL; else what USE_AIOHTTP=false means.")
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", help="A target or a URL; else what USE_AIOHTTP=true means.")
    ] = None,
    cases: Cases = None,
    only: Only = None,
    config: Config = None,
    relations: Related = None,
    strict: Strict = False,
    report: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="The folder for index.html, result.json, result.sarif, junit.xml and summary.md."
        ),
    ] = Path("report"),
    load: Annotated[bool, typer.Option(help="Whether to measure both under load, too.")] = True,
    require_performance: Annotated[
        bool, typer.Option("--require-performance", help="Exit with 3 when the measurement is inconclusive.")
    ] = False,
    prove: Annotated[
        bool, typer.Option(help="Whether to inject a dozen faults and see whether they are caught.")
    ] = True,
    *,
    traffic: Wanted,
    outputs: Outputs,
) -> None:
    """All of it: the contract on both, each case compared, a server against itself, both under load, a report.

    Example: samewire compare --report out --no-load
    """
    options = commands.Whole(report, load, require_performance, datetime.now(UTC), prove)
    with guarded():
        status = commands.compare(
            Selection(config, cases, only, relations, traffic, strict), (old, new), _screen(outputs), options, outputs
        )
    raise typer.Exit(status)


app.command("prove", epilog=PROVE_STATUSES)(prove_command)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--no-such-help"]}
)
def load(context: typer.Context) -> None:
    """Load two targets in interleaved blocks and say, with an interval, which is cheaper: samewire load --help."""
    try:
        from samewire.load.command import load as command
    except ModuleNotFoundError as error:
        raise _usage(f"{error.name} is not installed: pip install 'samewire[load]'") from None
    loading = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    loading.command()(command)
    loading(context.args, prog_name="samewire load")


app.command(epilog=_STATUSES)(with_outputs(fuzz))


@app.command("cases")
def list_cases(
    path: Annotated[Path | None, typer.Argument(help="A file or folder of cases; else the configuration's.")] = None,
    only: Only = None,
    config: Config = None,
    yaml: Annotated[bool, typer.Option("--yaml", help="Write them out whole, as YAML that --cases reads.")] = False,
) -> None:
    """List the cases, one a line. Example: samewire cases --only 'ROU-*' --yaml > routing.yaml"""
    with guarded():
        chosen = Selection(config, path, only).cases(commands.configured(config))
        text = write(chosen) if yaml else "".join(f"{case.id}\t{case.title}\n" for case in chosen)
    sys.stdout.write(text)


app.command()(init)
app.command()(sources)
app.command()(accept)
app.command(epilog=_STATUSES)(streaming)


@app.command()
def schema(
    result: Annotated[bool, typer.Option("--result", help="Of what --json writes, and not of cases.")] = False,
) -> None:
    """Print the JSON Schema of cases in YAML, or of results. Example: samewire schema > docs/case.schema.json"""
    if result:
        from samewire.report.schema import schema as result_schema

        sys.stdout.write(result_schema())
        return
    sys.stdout.write(case_schema())


def main() -> None:
    """The console script. What the terminal's encoding can't show is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="samewire")  # also as `python -m samewire`: completion is of the command that a shell knows


def _screen(outputs: Outputs) -> Screen:
    return Screen(results_on_stderr=outputs.on_standard_output, verbose=outputs.verbose)


def _usage(text: str) -> typer.Exit:
    Screen().complain(text)
    return typer.Exit(2)
