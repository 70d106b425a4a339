"""What each command does: reads what it is asked for, runs it, tells it, and says the exit status."""

from __future__ import annotations

import os
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from samewire.cases.collection import collect
from samewire.cases.errors import CaseError
from samewire.cases.model import Case
from samewire.checking import run_check
from samewire.compare.globs import fits
from samewire.comparison import Comparison, LoadWanted, Traffic, run_comparison, run_diff
from samewire.config import Config, ConfigError
from samewire.config import load as load_config
from samewire.credentials import UnusableTarget
from samewire.faults import fault
from samewire.interrupt import INTERRUPTED, Interrupted, run
from samewire.load.plan import Plan, plan_of
from samewire.replay import Wanted
from samewire.report.folder import write_reports
from samewire.report.found import Found
from samewire.report.outputs import Outputs, write_outputs
from samewire.report.terminal import Screen
from samewire.result import CheckResult, DiffResult
from samewire.sources import SourceError
from samewire.targets import Target, resolve

USAGE, NO_EVIDENCE = 2, 3
_DEFAULT = Path("samewire.toml")
_NO_TRAFFIC = Wanted()


class UsageError(Exception):
    """What was asked for can't be done; the text says what can."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Where the configuration, the cases and the traffic are, and which cases are wanted."""

    config: Path | None
    path: Path | None
    only: Sequence[str] | None
    relations: bool | None = None
    """Whether further cases are derived from them; None: as the configuration says."""
    traffic: Wanted = _NO_TRAFFIC
    strict: bool = False
    """Whether flaky places fail the run."""

    @property
    def full(self) -> bool:
        return self.path is None and not self.only

    def configured(self) -> Config:
        """The configuration, with what was asked for in its place. Raises ConfigError."""
        config = configured(self.config).model_copy(update={"allow_unsafe": self.traffic.allow_unsafe})
        return config if self.relations is None else config.with_relations(enabled=self.relations)

    def cases(self, config: Config) -> tuple[Case, ...]:
        """The cases, in their order; none when traffic alone is asked for. Raises CaseError and UsageError."""
        if self.full and self.traffic.files:
            return ()
        found = collect(config.folder / config.cases if self.path is None else self.path)
        chosen = tuple(case for case in found if not self.only or any(fits(glob, case.id) for glob in self.only))
        if found and not chosen:
            raise UsageError(
                f"no case of {len(found)} fits {' or '.join(self.only or ())}; `samewire cases` lists them"
            )
        return chosen

    def replay(self, config: Config, screen: Screen) -> Traffic | None:
        """The traffic; the configuration's own when everything is asked for. Raises SourceError."""
        plan = self.traffic.plan(config, standing=self.full)
        return Traffic(plan, screen.traffic) if plan else None


@dataclass(frozen=True, slots=True)
class Whole:
    """What `samewire compare` may be told."""

    report: Path
    load: bool
    require_performance: bool
    at: datetime
    gate: bool = True
    """Whether to inject faults, too."""


@contextmanager
def guarded() -> Iterator[None]:
    """Turns what a user can mend into a message and an exit status."""
    try:
        yield
    except (UsageError, ConfigError, CaseError, SourceError, UnusableTarget) as error:
        Screen().complain(str(error))
        raise typer.Exit(USAGE) from None
    except OSError as error:
        Screen().complain(f"{error.filename or 'a file'}: {error.strerror or error}")
        raise typer.Exit(USAGE) from None
    except (KeyboardInterrupt, Interrupted):
        Screen().complain("interrupted; the targets were stopped")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if os.environ.get("SAMEWIRE_DEBUG"):
            raise
        Screen().complain(f"{fault(error)}; with SAMEWIRE_DEBUG=1 in the environment it shows the trace")
        raise typer.Exit(NO_EVIDENCE) from None


def configured(path: Path | None) -> Config:
    """The configuration of that file; without one named, of samewire.toml if it is there. Raises ConfigError."""
    if path is None and not _DEFAULT.exists():
        return Config()
    return load_config(path or _DEFAULT)


def check(selection: Selection, names: Sequence[str], screen: Screen, outputs: Outputs) -> int:
    """`samewire check`."""
    config = selection.configured()
    targets = [resolve(name, config) for name in names or _all(config)]
    cases = selection.cases(config)
    full = selection.full and [target.name for target in targets[:2]] == list(_pair(config))
    traffic = selection.replay(config, screen) if len(targets) > 1 or selection.traffic.files else None
    if traffic is not None and len(targets) < 2:
        raise UsageError("traffic is compared between two targets: name another with --target")
    with screen.working():
        checks, diffs = _until_interrupted(run_check(config, targets, cases, screen.stage, full=full, traffic=traffic))
    diffs = [replace(diff, strict=selection.strict) for diff in diffs]
    _tell_checks(screen, checks, diffs)
    found = Found(tuple(map(Comparison, diffs)), tuple(checks))
    write_outputs(found, outputs)
    return INTERRUPTED if any(diff.interrupted for diff in diffs) else found.exit_status


def diff(selection: Selection, names: tuple[str, str], screen: Screen, outputs: Outputs) -> int:
    """`samewire diff`."""
    config = selection.configured()
    targets = (resolve(names[0], config), resolve(names[1], config))
    cases = selection.cases(config)
    traffic = selection.replay(config, screen)
    full = selection.full and names == _pair(config)
    with screen.working():
        try:
            result = run(run_diff(config, targets, cases, screen.stage, full=full, traffic=traffic))
        except Interrupted as stopped:
            result = stopped.result
    result = replace(result, strict=selection.strict)
    write_outputs(result, outputs)
    screen.diff(result)
    return INTERRUPTED if result.interrupted else result.exit_status


def compare(
    selection: Selection, names: tuple[str | None, str | None], screen: Screen, options: Whole, outputs: Outputs
) -> int:
    """`samewire compare`."""
    config = selection.configured()
    targets = two_targets(config, names)
    cases = selection.cases(config)
    traffic = selection.replay(config, screen)
    if not cases and traffic is None:
        screen.complain("there is nothing to compare; name cases with --cases, or traffic with --from")
        return NO_EVIDENCE
    load = LoadWanted(_plan(config), screen.load) if options.load else None
    full = selection.full and (targets[0].name, targets[1].name) == _pair(config)
    with screen.working():
        try:
            comparing = run_comparison(
                config, targets, cases, screen.stage, full=full, load=load, gate=options.gate, traffic=traffic
            )
            found = run(comparing)
        except Interrupted as stopped:
            found = Comparison(stopped.result, load_missing="it was interrupted")
    told = replace(found.diff, strict=selection.strict)
    found = replace(found, diff=told, require_performance=options.require_performance)
    write_reports(found, options.report, options.at)
    write_outputs(found, outputs, options.at)
    screen.say(f"report: {options.report / 'index.html'}")
    screen.comparison(found)
    return INTERRUPTED if found.diff.interrupted else found.exit_status


def _until_interrupted(
    work: Coroutine[Any, Any, tuple[list[CheckResult], list[DiffResult]]],
) -> tuple[list[CheckResult], list[DiffResult]]:
    """What the work gives; of work that was interrupted, what it had to show."""
    try:
        return run(work)
    except Interrupted as stopped:
        return [], [*stopped.before, stopped.result]


def _tell_checks(screen: Screen, checks: Sequence[CheckResult], diffs: Sequence[DiffResult]) -> None:
    for found in checks:
        screen.check(found, explained=bool(diffs))
    for pair in diffs:
        screen.diff(pair)


def two_targets(config: Config, names: tuple[str | None, str | None]) -> tuple[Target, Target]:
    """OLD and NEW as they are named, else those that USE_AIOHTTP chooses between. Raises UsageError, UnknownTarget."""
    pair = _pair(config)
    chosen = [name or (pair[number] if pair else None) for number, name in enumerate(names)]
    if chosen[0] is None or chosen[1] is None:
        raise UsageError("which servers? Name two targets, or give samewire.toml a section [use_aiohttp]")
    return resolve(chosen[0], config), resolve(chosen[1], config)


def _pair(config: Config) -> tuple[str, ...]:
    """The targets that USE_AIOHTTP chooses between, the old one first; empty when the configuration has none."""
    found = (config.use_aiohttp.get("false"), config.use_aiohttp.get("true"))
    return tuple(name for name in found if name is not None) if all(found) else ()


def _all(config: Config) -> list[str]:
    """Every target of the configuration, the pair first."""
    if not config.targets:
        raise UsageError("which server? Give --target, or describe one in samewire.toml: [targets.NAME]")
    return list(dict.fromkeys((*_pair(config), *config.targets)))


def _plan(config: Config) -> Plan:
    """Of the load comparison, as the configuration has it."""
    try:
        return plan_of(config)
    except ValueError as error:
        raise UsageError(f"load: {error}; or give --no-load") from None
