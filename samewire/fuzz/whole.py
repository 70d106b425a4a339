"""The whole of `samewire fuzz`: both targets started, examples sent, findings written, all of it as one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from samewire.cases.model import Case
from samewire.cases.reproducer import reproduce
from samewire.comparison import told_apart
from samewire.config import Config
from samewire.engine import Done
from samewire.fuzz.asking import Asking
from samewire.fuzz.batches import Wanted
from samewire.fuzz.engine import Fuzzing
from samewire.fuzz.example import Kind
from samewire.fuzz.findings import Finding
from samewire.fuzz.known import Known, known
from samewire.fuzz.regression import pair, plain, regression
from samewire.fuzz.secrets import secret_texts
from samewire.fuzz.writing import PREFIX, Shelf
from samewire.interrupt import run
from samewire.launch import NotStarted, Running
from samewire.relating import Stage
from samewire.replay import Wanted as Traffic
from samewire.result import DiffResult, PairResult
from samewire.serving import serving
from samewire.targets import Target
from samewire.traffic import Record


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told."""

    examples: int = 1000
    seed: int = 1
    seconds: float | None = None
    """At the most; None: as long as it takes."""
    kinds: tuple[Kind, ...] = tuple(Kind)
    sources: tuple[str, ...] = ()
    format: str | None = None
    allow_unsafe: bool = False
    without: tuple[str, ...] = ()
    folder: Path | None = None
    """Where cases are written; None: nowhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found."""

    result: DiffResult
    remarks: tuple[str, ...] = ()
    interrupted: bool = False


def fuzz_targets(
    config: Config, targets: tuple[Target, Target], cases: Sequence[Case], options: Options, stage: Stage
) -> Found:
    """Start both and fuzz them. An interrupt ends it early, with what was found so far. Raises SourceError."""
    work = _Run(config, told_apart(targets), cases, options, stage)
    try:
        run(work.carry_out())
    except NotStarted as error:
        old, new = work.targets
        return Found(DiffResult(old.name, new.name, (), not_started=(str(error),)))
    except KeyboardInterrupt:
        return work.found(interrupted=True)
    return work.found()


class _Run:
    """One run; what it found can be asked for at any time."""

    def __init__(
        self, config: Config, targets: tuple[Target, Target], cases: Sequence[Case], options: Options, stage: Stage
    ) -> None:
        self.targets = targets
        self._config = config
        self._options = options
        self._stage = stage
        self._known: Known = known(
            (case for case in cases if not case.id.startswith(PREFIX)), _records(config, options)
        )
        self._shelf = Shelf(cases, options.folder)
        self._fuzzing: Fuzzing | None = None
        self._pairs: list[PairResult] = []
        self._unsafe = options.allow_unsafe or all(target.disposable for target in targets)

    async def carry_out(self) -> None:
        options = self._options
        async with serving(self.targets) as (old, new):
            asking = Asking(self._config, old, new)
            self._fuzzing = Fuzzing(asking, without=options.without, seconds=options.seconds)
            wanted = Wanted(options.examples, options.seed, options.kinds, self._known, self._unsafe)
            told = self._stage(f"{old.name} and {new.name}, examples", options.examples)
            try:
                await self._fuzzing.run(
                    wanted, lambda done, differ: told(Done(f"{differ} differ", not differ, done, options.examples))
                )
                if not self._fuzzing.gone:
                    for finding in self._fuzzing.findings.all:
                        await self._keep(finding, asking)
            finally:
                self._pairs += [
                    self._pair(finding, self._case(finding), new)
                    for finding in self._fuzzing.findings.all[len(self._pairs) :]
                ]

    async def _keep(self, finding: Finding, asking: Asking) -> None:
        """As a case that shows the difference when it is run again; known ones by the number they have."""
        case = self._case(finding)
        if not (await asking.case(case)).remaining:
            case = plain(case, finding.seen.old)
        known_as = self._shelf.known(case)
        if known_as is not None:
            case = case.model_copy(update={"id": known_as})
        else:
            self._shelf.put(case, asking.old, asking.new)
        self._pairs.append(self._pair(finding, case, asking.new))

    def _case(self, finding: Finding) -> Case:
        return regression(finding, self._shelf.next_id(), self._options.seed, secret_texts(self._known))

    def _pair(self, finding: Finding, case: Case, new: Running) -> PairResult:
        return pair(finding, case, reproduce(case, new.address, made_up=True))

    def found(self, *, interrupted: bool = False) -> Found:
        old, new = self.targets
        fuzzing = self._fuzzing
        if fuzzing is None:
            return Found(DiffResult(old.name, new.name, ()), (), interrupted)
        result = DiffResult(
            old.name,
            new.name,
            tuple(self._pairs),
            unchanged=fuzzing.unchanged,
            omitted=max(fuzzing.findings.examples - len(self._pairs), 0),
            accounts=fuzzing.accounts,
            coverage=fuzzing.coverage,
            noise=fuzzing.noise,
            not_started=tuple(f"{gone}; {fuzzing.done} examples were compared before" for gone in fuzzing.gone),
        )
        return Found(result, tuple(self._remarks(fuzzing, interrupted)), interrupted)

    def _remarks(self, fuzzing: Fuzzing, interrupted: bool) -> Iterator[str]:
        options = self._options
        if interrupted:
            yield "interrupted; the targets were stopped, and this is what was found until then"
        yield f"seed {options.seed}: {fuzzing.done} of {options.examples} examples sent in {fuzzing.seconds:.0f} s"
        if not self._unsafe:
            yield "only GET, HEAD and OPTIONS were sent: --allow-unsafe, or both targets `disposable`, sends others, too"
        if fuzzing.findings.flaky:
            yield f"{len(fuzzing.findings.flaky)} places differed once and not again; they are listed as flaky"
        yield from (f"case written: {path}, and beside it {path.stem}.sh" for path in self._shelf.written)


def _records(config: Config, options: Options) -> Iterator[Record]:
    """Of the traffic that is named, else of the configuration's sources."""
    plan = Traffic(options.sources, options.format).plan(config, standing=True)
    items = chain.from_iterable(source for _, source in plan.sources) if plan else ()
    return (item for item in items if isinstance(item, Record))
