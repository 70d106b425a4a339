"""The verdict and the exit status follow from what was found."""

from __future__ import annotations

import pytest

from samewire.exchange import End, Ended, Transcript
from samewire.result import CaseRun, Difference, DiffResult, Failure, Grade, PairResult, Verdict

DIFFERENCE = Difference("A-1", "status", "200", "500", Grade.BREAKING)
FAILURE = Failure("status", "200", "500")


def run(*, error: str = "", failures: tuple[Failure, ...] = (), seen: bool = True) -> CaseRun:
    ended = (Ended(None, "main", End.REUSABLE),) if seen and not error else ()
    return CaseRun(Transcript("A-1", "t", ended, 0.1, error), failures)


def pair(old: CaseRun, new: CaseRun, *differences: Difference) -> PairResult:
    return PairResult("A-1", "title", "why", old, new, differences, (), "curl")


def result(*pairs: PairResult, stale: tuple[str, ...] = (), not_started: tuple[str, ...] = ()) -> DiffResult:
    return DiffResult("old", "new", pairs, stale, not_started)


GOOD = pair(run(), run())
DIFFERENT = pair(run(), run(), DIFFERENCE)
REFUSED = pair(run(error="refused"), run(error="refused"))


@pytest.mark.parametrize(
    ("found", "verdict", "status"),
    [
        (result(GOOD), Verdict.SAME, 0),
        (result(GOOD, DIFFERENT), Verdict.DIFFERENT, 1),
        (result(), Verdict.INCONCLUSIVE, 3),
        (result(GOOD, REFUSED), Verdict.INCONCLUSIVE, 3),
        (result(DIFFERENT, REFUSED), Verdict.DIFFERENT, 1),
        (result(GOOD, pair(run(), run(seen=False))), Verdict.INCONCLUSIVE, 3),
        (result(GOOD, stale=("an entry expired",)), Verdict.DIFFERENT, 1),
        (result(not_started=("old: no such command",)), Verdict.INCONCLUSIVE, 4),
        (result(DIFFERENT, not_started=("third",)), Verdict.DIFFERENT, 4),
        (result(pair(run(failures=(FAILURE,)), run(failures=(FAILURE,)))), Verdict.SAME, 1),
        (result(pair(run(failures=(FAILURE,)), run())), Verdict.SAME, 1),
    ],
)
def test_a_difference_wins_over_doubt_and_doubt_over_the_same(found: DiffResult, verdict: Verdict, status: int) -> None:
    assert (found.verdict, found.exit_status) == (verdict, status)


def test_a_case_that_fails_on_both_alike_is_listed() -> None:
    alike = pair(run(failures=(FAILURE,)), run(failures=(FAILURE,)))
    assert result(GOOD, alike, pair(run(failures=(FAILURE,)), run())).failed_alike == ("A-1",)
