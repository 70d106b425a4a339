"""What a run found, in plain text: what terminal, JUnit and a test's failure say alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from samewire.report.bound import bound_line
from samewire.report.causes import Cause
from samewire.report.excused import expiring
from samewire.report.noise_words import noise_lines
from samewire.report.related import relation_lines, stream_line
from samewire.result import CaseRun, CheckedCase, CheckResult, Difference, DiffResult, PairResult, Verdict
from samewire.traffic import Account

MAY_CHANGE = "they may change state and a target is not `disposable`; --allow-unsafe sends them"
"""Why a case was left out that could be sent."""
_NAMED = 10
"""Cases that are named in one sentence."""


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
        (result.omitted, "more that differ"),
        (sum(not pair.evident for pair in result.pairs), "not observed"),
        (len(result.skipped), "left out"),
        (len(result.not_started), "not started"),
        (len(result.flaky) if result.strict else 0, "flaky, which --strict fails"),
    )
    counts += [f"{number} {what}" for number, what in others if number]
    return f"{result.verdict}: {', '.join(counts)}"


def notes(result: DiffResult, today: date) -> tuple[str, ...]:
    """What the result is worth, a line each.

    The accounts of sources, what was held against itself, why it is no evidence, how much may differ all the same.
    """
    found = [
        *map(account_line, result.accounts),
        *(_account_lacks(result) if result.verdict is not Verdict.INCONCLUSIVE else ()),
        *relation_lines(result.relations),
        *noise_lines(result),
        *(stream_line(one, result.old, result.new) for one in result.streams),
        *(f"soon: {text}" for text in expiring([result], today)),
        *(f"no evidence: {text}" for text in lacking(result)),
    ]
    return (*found, line) if (line := bound_line(result)) else tuple(found)


def lacking(result: DiffResult) -> tuple[str, ...]:
    """Why the run is no evidence, a sentence each; empty when it is."""
    if result.verdict is not Verdict.INCONCLUSIVE:
        return ()
    unseen = [pair.case for pair in result.pairs if not pair.evident]
    found = [f"{text.partition(chr(10))[0]}" for text in result.not_started]
    if result.interrupted:
        found.append("it was interrupted before it was whole")
    if not result.comparisons and not result.not_started:
        left_out = f"; {len(result.skipped)} left out, the first because " if result.skipped else ""
        found.append(f"nothing was compared{left_out}{_why_first(result)}")
    if unseen:
        found.append(f"not observed on both targets: {', '.join(unseen[:_NAMED])}{', ...' if unseen[_NAMED:] else ''}")
    found += [
        f"{account.source}: none of {account.read} records was sent{_reasons(account)}"
        for account in result.accounts
        if not account.sent
    ]
    return (*found, *_account_lacks(result))


def _account_lacks(result: DiffResult) -> Iterator[str]:
    return (f"{account.source}: {text}" for account in result.accounts for text in account.lacking)


def left_out(result: DiffResult | CheckResult) -> tuple[str, ...]:
    """The cases that were not carried out, a line for each reason."""
    reasons = dict.fromkeys(result.skipped, MAY_CHANGE)
    reasons |= dict(result.left_out)
    ids = {reason: [id for id, other in reasons.items() if other == reason] for reason in reasons.values()}
    return tuple(f"left out, because {reason}: {', '.join(found)}" for reason, found in ids.items())


def _why_first(result: DiffResult) -> str:
    return dict(result.left_out).get(result.skipped[0], MAY_CHANGE) if result.skipped else ""


def account_line(account: Account) -> str:
    """`traffic.har: 120 read, 97 sent, 23 skipped: 20 POST is unsafe, 3 another origin`."""
    skipped = account.read - account.sent
    return f"{account.source}: {account.read} read, {account.sent} sent, {skipped} skipped{_reasons(account)}"


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


def explain_cause(cause: Cause) -> str:
    """A cluster: what it is and where, one of its cases with both sides, and how to see it again."""
    pair, cluster = cause.pair, cause.cluster
    old, new = pair.old.transcript.target, pair.new.transcript.target
    lines = [brief_cause(cause), f"  {pair.case}  {pair.title}"]
    lines += [f"  {line}" for line in _difference(cluster.example, old, new)]
    lines += [f"    why: {pair.why}"] if pair.why else []
    lines += [f"    again: {pair.reproducer}"] if pair.reproducer else []
    lines += [f"  also in {cause.others}"] if cause.others else []
    return "\n".join(lines)


def brief_cause(cause: Cause) -> str:
    """`breaking: header.vary missing, 5 times in 3 cases  [0fa2c31d5e6b7788]`."""
    return f"{cause.title}, {cause.extent}  [{cause.cluster.fingerprint}]"


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
    if difference.lines:
        yield f"      {_inset(difference.lines, 0)}"


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


def _reasons(account: Account) -> str:
    found = ", ".join(f"{times} {reason}" for reason, times in account.skipped)
    return f": {found}" if found else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
