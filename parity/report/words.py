"""What a run found, in plain text: what terminal, JUnit and a test's failure say alike."""

from __future__ import annotations

from collections.abc import Iterator

from parity.result import CaseRun, CheckedCase, CheckResult, Difference, DiffResult, PairResult


def verdict_line(result: DiffResult) -> str:
    """`same: 187 comparisons, 0 differences, 0 failed alike`, and what else needs saying."""
    differences = [difference for pair in result.pairs for difference in pair.differences]
    counts = [
        _count(result.comparisons, "comparison"),
        _count(len(differences), "difference"),
        f"{len(result.failed_alike)} failed alike",
    ]
    others = (
        (sum(map(_failed_on_one, result.pairs)), "failed on one"),
        (sum(len(pair.accepted) for pair in result.pairs), "accepted"),
        (len(result.stale), "stale"),
        (len(result.pairs) - result.comparisons, "not observed"),
        (len(result.skipped), "left out"),
        (len(result.not_started), "not started"),
    )
    counts += [f"{number} {what}" for number, what in others if number]
    return f"{result.verdict}: {', '.join(counts)}"


def check_line(result: CheckResult) -> str:
    """`aiohttp: 185 of 187 cases pass`."""
    passed = len(result.cases) - len(result.failed)
    left_out = f", {len(result.skipped)} left out" if result.skipped else ""
    not_started = ", did not start" if result.not_started else ""
    return f"{result.target}: {passed} of {_count(len(result.cases), 'case')} pass{left_out}{not_started}"


def noteworthy(result: DiffResult) -> tuple[PairResult, ...]:
    """The pairs that differ or fail."""
    return tuple(pair for pair in result.pairs if pair.differences or _wrong(pair))


def explain_pair(pair: PairResult) -> str:
    """A case that differs or fails: its places with both sides, its reason, its reproducer."""
    return "\n".join(
        (f"{pair.case}  {pair.title}", *_pair_lines(pair), f"  why: {pair.why}", f"  again: {pair.reproducer}")
    )


def explain_check(checked: CheckedCase) -> str:
    """A case that fails on one target."""
    lines = _run_lines(checked.run)
    return "\n".join(
        (f"{checked.case}  {checked.title}", *lines, f"  why: {checked.why}", f"  again: {checked.reproducer}")
    )


def _pair_lines(pair: PairResult) -> Iterator[str]:
    old, new = pair.old.transcript.target, pair.new.transcript.target
    for difference in pair.differences:
        yield from _difference(difference, old, new)
    if pair.failed_alike and pair.old.failures == pair.new.failures:
        yield f"  wrong on both, {old} and {new}:"
        yield from _failures(pair.old)
        return
    yield from _run_lines(pair.old)
    yield from _run_lines(pair.new)


def _difference(difference: Difference, old: str, new: str) -> Iterator[str]:
    width = max(len(old), len(new))
    yield f"  {difference.place} differs ({difference.grade}):"
    yield f"    {old:{width}}  {_inset(difference.old, width)}"
    yield f"    {new:{width}}  {_inset(difference.new, width)}"


def _run_lines(run: CaseRun) -> Iterator[str]:
    if run.transcript.error:
        yield f"  {run.transcript.target} could not be observed: {run.transcript.error}"
    if run.failures:
        yield f"  wrong on {run.transcript.target}:"
        yield from _failures(run)


def _failures(run: CaseRun) -> Iterator[str]:
    for failure in run.failures:
        yield f"    {failure.place}: expected {failure.expected}"
        yield f"    {' ' * len(failure.place)}  got      {failure.got}"


def _inset(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * (width + 6))


def _wrong(pair: PairResult) -> bool:
    return not (pair.old.passed and pair.new.passed)


def _failed_on_one(pair: PairResult) -> bool:
    """Though no difference is seen: a rule or an accepted difference covers it."""
    return pair.evident and not pair.differences and bool(pair.old.failures) != bool(pair.new.failures)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
