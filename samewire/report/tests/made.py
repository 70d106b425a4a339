"""Results that hold one of everything, made by hand: what the tests of every format read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from samewire.exchange import Answer, Answered, End, Ended, Framing, Transcript
from samewire.load.plan import Plan
from samewire.load.result import Block, Finding, LoadResult, Ratio
from samewire.prove import Outcome, Proof, ProofResult
from samewire.prove.catalogue import FAULTS
from samewire.result import (
    AcceptedDifference,
    CaseRun,
    Difference,
    DiffResult,
    Failure,
    Grade,
    NoisyPlace,
    PairResult,
)
from samewire.traffic import Account

HOSTILE = "</pre><script>alert(1)</script>\x1b[31m]]>\x00\ud800{{ 7 * 7 }}"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def run(target: str, *failures: Failure, error: str = "") -> CaseRun:
    answer = Answer(
        "HTTP/1.1", 200, "OK", (("Content-Type", "text/html"),), Framing.LENGTH, HOSTILE.encode("utf-8", "replace")
    )
    asked = Answered(0, "main", b"GET /items/17?q=1 HTTP/1.1\r\nHost: h\r\nCookie: id=verysecret\r\n\r\n", (), answer)
    seen = () if error else (asked, Ended(None, "main", End.REUSABLE))
    return CaseRun(Transcript("A-1", target, seen, 0.01, error), failures)


def pair(
    case: str = "A-1", *differences: Difference, old: CaseRun | None = None, new: CaseRun | None = None
) -> PairResult:
    old, new = old or run("old"), new or run("new")
    return PairResult(case, "it holds", "RFC 9110", old, new, differences, (), "curl -i http://h/")


DIFFERS = pair("A-2", Difference("A-2", "header.vary", "Origin", HOSTILE, Grade.BREAKING))
ALIKE = pair("A-3", old=run("old", Failure("status", "200", "500")), new=run("new", Failure("status", "200", "500")))
UNSEEN = pair("A-4", new=run("new", error="connection refused"))
ACCEPTED = replace(
    pair("A-5"),
    accepted=(AcceptedDifference(Difference("A-5", "body", "1", "2", Grade.NOTABLE), "meant", "me", "2027-01-01"),),
)
ONE_SIDED = pair("A-6", new=run("new", Failure("body", "x", HOSTILE)))
EVERYTHING = DiffResult(
    "old",
    "new",
    (pair(), DIFFERS, ALIKE, UNSEEN, ACCEPTED, ONE_SIDED),
    stale=("an entry expired",),
    skipped=("A-7",),
    accounts=(Account("old.har", 3, 2, ((HOSTILE, 1),)),),
    noise=(NoisyPlace("A-1", "header.date", "clock", (HOSTILE, "b")),),
)


def load(ratio: float = 1.2) -> LoadResult:
    blocks = (Block("old", 1.0, 10, 0, (1.0,), {}, 0.1, 0.2, 1.0),)
    found = Ratio("CPU a request (us)", 100, 100 * ratio, ratio, ratio - 0.1, ratio + 0.1, (0.98, 1.02), Finding.SLOWER)
    plan = Plan(Path(__file__))
    return LoadResult("old", "new", plan, blocks, (found,), {"old": None, "new": None}, ("a warning",), (), ())


def traffic(sent: int, *, unchanged: int | None = None, skipped: tuple[tuple[str, int], ...] = ()) -> DiffResult:
    """Of a source whose records were all the same."""
    account = Account("old.har", sent + sum(times for _, times in skipped), sent, skipped)
    return DiffResult("old", "new", (), unchanged=sent if unchanged is None else unchanged, accounts=(account,))


def gate() -> ProofResult:
    """One fault of each outcome that there is of faults."""
    caught, missed, other = (fault for fault in FAULTS[:3])
    proofs = (
        Proof(caught, Outcome.CAUGHT, 1, "A-1", "status", "comparison"),
        Proof(missed, Outcome.MISSED, 2, HOSTILE, HOSTILE),
        Proof(other, Outcome.NOT_EXERCISED),
    )
    return ProofResult("old", "new", proofs, 3)
