"""Tells a run to whoever watches: a moving bar on a terminal, plain lines elsewhere, the verdict last."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from samewire.compare import printable
from samewire.comparison import Comparison
from samewire.engine import Done, Progress
from samewire.load.plan import Side
from samewire.prove import ProofResult, remedy, verdict_line
from samewire.report import words
from samewire.report.causes import causes, wrong_elsewhere
from samewire.report.performance import performance_lines
from samewire.report.related import relation_lines
from samewire.result import CheckResult, DiffResult, Verdict

_STYLES = {Verdict.SAME: "bold green", Verdict.DIFFERENT: "bold red", Verdict.INCONCLUSIVE: "bold yellow"}
_FULL, _BRIEF = 3, 12
"""Causes, and cases that fail, that are shown whole and in a line unless all are asked for."""
_COMMAND = "##["
"""What makes a command of Azure Pipelines and GitHub Actions wherever it stands in a line."""
_STEPS = 4
"""Without a terminal, progress is told so many times in a stage."""


class Screen:
    """Results on `out`, progress on standard error, so that either can be redirected."""

    def __init__(self, *, results_on_stderr: bool = False, verbose: bool = False) -> None:
        self._verbose = verbose
        self._out = Console(stderr=results_on_stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._bar: Bar | None = None
        self._load: TaskID | None = None

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """While this lasts, stages move a bar if there is a terminal to draw it on."""
        if not self._err.is_terminal:
            yield
            return
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Bar(*columns, console=self._err) as self._bar:
            yield
        self._bar = None

    def stage(self, name: str, total: int) -> Progress:
        """Begin a part of the work with so many cases."""
        bar = self._bar
        if bar is None:
            return self._lines(name, total)
        task = bar.add_task(name, total=total)
        return lambda done: bar.update(task, completed=done.number)

    def traffic(self, name: str) -> Callable[[int, int], None]:
        """Begin a part of the work that has no known end; what is returned takes what is done, and what differs."""
        bar = self._bar
        if bar is None:
            return self._growing(name)
        task = bar.add_task(f"traffic on {name}", total=None)
        return lambda done, differing: bar.update(task, completed=done)

    def load(self, number: int, total: int, side: Side) -> None:
        """A block of load begins."""
        if self._bar is None:
            self._err.print(f"load: block {number} of {total}, {side}")
            return
        if self._load is None:
            self._load = self._bar.add_task("load", total=total)
        self._bar.update(self._load, completed=number)

    def say(self, text: str, style: str = "") -> None:
        """A line of the result."""
        self._out.print(_shown(text, style))

    def complain(self, text: str) -> None:
        """Why it can't go on."""
        self._err.print(_shown(f"samewire: {text}", "red"))

    def diff(self, result: DiffResult) -> None:
        """What differs and fails, by cause; then what it is worth, and the verdict as the last line."""
        texts = self._every(result) if self._verbose else self._causes(result)
        for text in texts:
            self._explain(text)
        self._remarks(result.not_started, result.stale, words.left_out(result))
        for line in words.notes(result, date.today()):
            self.say(line, "yellow" if result.verdict is Verdict.INCONCLUSIVE else "")
        self.say(words.verdict_line(result), _STYLES[result.verdict] if result.exit_status != 1 else "bold red")

    def _every(self, result: DiffResult) -> list[str]:
        return [words.explain_pair(pair) for pair in words.noteworthy(result)]

    def _causes(self, result: DiffResult) -> list[str]:
        """A few in full and more in a line, so that the first screen says what matters."""
        found, wrong = causes(result), wrong_elsewhere(result)
        texts = [*map(words.explain_cause, found[:_FULL]), *map(words.explain_pair, wrong[:_FULL])]
        briefs = [*map(words.brief_cause, found[_FULL:]), *(f"{pair.case}  {pair.title}" for pair in wrong[_FULL:])]
        if len(briefs) > _BRIEF:
            briefs = [*briefs[:_BRIEF], f"and {len(briefs) - _BRIEF} more"]
        return (
            [*texts, "\n".join(("also, and --verbose shows them all:", *(f"  {line}" for line in briefs)))]
            if briefs
            else texts
        )

    def check(self, result: CheckResult, *, explained: bool = False) -> None:
        """How many cases pass; what fails is told first unless a comparison tells it."""
        for checked in () if explained else result.failed:
            self._explain(words.explain_check(checked))
        self._remarks(result.not_started, (), () if explained else words.left_out(result))
        for line in () if explained else relation_lines(result.relations):
            self.say(line)
        self.say(words.check_line(result), "" if result.exit_status == 0 else "red")

    def comparison(self, found: Comparison) -> None:
        """Everything, the verdict last."""
        if found.identity is not None:
            self._identity(found.identity)
        if found.gate is not None:
            self._gate(found.gate)
        for line in performance_lines(found):
            self.say(line)
        self.diff(found.diff)

    def _identity(self, identity: DiffResult) -> None:
        unsteady = [pair for pair in identity.pairs if pair.differences]
        for pair in unsteady:
            self._explain(words.explain_pair(pair))
        found = f"differs in {len(unsteady)} of" if unsteady else "agrees in all of"
        self.say(f"{identity.old} with itself: {found} {identity.comparisons} cases", "red" if unsteady else "")

    def _gate(self, gate: ProofResult) -> None:
        for proof in gate.wrong:
            self._explain(remedy(proof))
        self.say(verdict_line(gate), "red" if gate.wrong else "")

    def _explain(self, text: str) -> None:
        first, _, rest = text.partition("\n")
        self.say(first, "bold")
        self.say(rest + "\n")

    def _remarks(self, not_started: tuple[str, ...], stale: tuple[str, ...], left_out: tuple[str, ...]) -> None:
        for text in not_started:
            self.say(text, "red")
        for text in stale:
            self.say(f"stale: {text}", "red")
        for text in left_out:
            self.say(text, "yellow")

    def _growing(self, name: str) -> Callable[[int, int], None]:
        due = 1000

        def tell(done: int, differing: int) -> None:
            nonlocal due
            if done >= due:
                self._err.print(f"traffic on {name}: {done} requests, {differing} differ")
                due = done + max(1000, min(done * 2, 100_000))

        return tell

    def _lines(self, name: str, total: int) -> Progress:
        step = max(1, -(-total // _STEPS))

        def tell(done: Done) -> None:
            if done.number % step == 0 or done.number == total:
                self._err.print(f"{name}: {done.number} of {total}")

        return tell


def _shown(text: str, style: str) -> Text:
    """Nothing that a server sent reaches the terminal as a control character, or a log as a command of a CI runner."""
    return Text("\n".join(map(printable, text.split("\n"))).replace(_COMMAND, "# #["), style)
