"""`samewire prove`: shows that the comparison can fail, by injecting faults between the harness and the new server."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from samewire.commands import Selection, UsageError, configured, guarded, two_targets
from samewire.compare.globs import fits
from samewire.interrupt import run
from samewire.prove.fault import Fault
from samewire.prove.json_file import proof_json
from samewire.prove.result import ProofResult
from samewire.prove.words import lines
from samewire.report.terminal import Screen
from samewire.targets import Target

_STANDARD_OUTPUT = Path("-")
STATUSES = (
    "Exit status: 0 every fault that the cases exercise was caught and no harmless change reported; 1 one was missed, or "
    "reported; 2 usage or configuration; 3 no fault was exercised; 4 a target did not start; 130 interrupted."
)


def prove(
    old: Annotated[
        str | None, typer.Argument(metavar="OLD", help="A target or a URL; else what USE_AIOHTTP=false means.")
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", help="A target or a URL; else what USE_AIOHTTP=true means.")
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option("--cases", metavar="FILE_OR_FOLDER", help="Cases, YAML or Python; else the configuration's."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="GLOB", help="Only cases whose id fits. May be repeated.")
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", metavar="GLOB", help="Only faults whose name fits: 'json.*'. May be repeated."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            metavar="GLOB",
            help="No faults whose name fits: what no answer of yours can show. May be repeated.",
        ),
    ] = None,
    faults: Annotated[bool, typer.Option("--list", help="List the faults, one a line, and do nothing else.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The configuration; samewire.toml if it is there.")
    ] = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the result there as JSON; - is standard output."),
    ] = None,
) -> None:
    """Would the comparison notice? A proxy before NEW injects one fault after another; which of them are caught?

    Each fault is tried with cases that exercise it until one sees it. Of what no case sees, a case that would is shown,
    ready to paste. Examples: samewire prove; samewire prove legacy aiohttp --fault 'fields.*' --only 'COR-*'
    """
    with guarded():
        wanted = _wanted(fault, without)
        if faults:
            status = _list(wanted)
        else:
            targets = two_targets(configured(config), (old, new))
            status = _carry_out(Selection(config, cases, only), targets, wanted, json_file).exit_status
    raise typer.Exit(status)


def _list(faults: Sequence[Fault]) -> int:
    sys.stdout.write("".join(f"{fault.name}\t{fault.does}\n" for fault in faults))
    return 0


def _carry_out(
    selection: Selection, targets: tuple[Target, Target], faults: Sequence[Fault], json_file: Path | None
) -> ProofResult:
    """Imported late, as the catalogue is: `samewire --help` does without."""
    from samewire.prove.proving import run_proof

    config = configured(selection.config)
    screen = Screen(results_on_stderr=json_file == _STANDARD_OUTPUT)
    with screen.working():
        result = run(run_proof(config, targets, selection.cases(config), faults, screen.stage))
    for line in lines(result):
        screen.say(line)
    if json_file is not None:
        _write(result, json_file)
    return result


def _wanted(globs: Sequence[str] | None, without: Sequence[str] | None) -> tuple[Fault, ...]:
    from samewire.prove.catalogue import FAULTS

    chosen = (fault for fault in FAULTS if not globs or _fits(fault, globs))
    wanted = tuple(fault for fault in chosen if not _fits(fault, without or ()))
    if not wanted:
        asked = [*(globs or ()), *(f"--without {glob}" for glob in without or ())]
        raise UsageError(f"no fault of {len(FAULTS)} fits {' '.join(asked)}; `samewire prove --list` lists them")
    return wanted


def _fits(fault: Fault, globs: Sequence[str]) -> bool:
    return any(fits(glob, fault.name) for glob in globs)


def _write(result: ProofResult, path: Path) -> None:
    text = json.dumps(proof_json(result), indent=2) + "\n"
    if path == _STANDARD_OUTPUT:
        sys.stdout.write(text)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
