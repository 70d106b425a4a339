"""What a run found, as values: what every report reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parity.exchange import Transcript


class Grade(StrEnum):
    """How much a difference matters to a client."""

    BREAKING = "breaking"
    NOTABLE = "notable"
    COSMETIC = "cosmetic"


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    INCONCLUSIVE = "inconclusive"
    """Nothing, or too little, was compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two transcripts of a case differ."""

    case: str
    place: str
    """`status`, `header.vary`, `body.json:/results/0/score`, `framing`, `connection`, `sse[3].data`, ...; in a case of
    several answers prefixed by `answer[N].` (N counts from 0)."""
    old: str
    new: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation of a case that a target does not meet."""

    place: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A case on one target: what was seen and what of it is wrong."""

    transcript: Transcript
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures and not self.transcript.error


@dataclass(frozen=True, slots=True)
class AcceptedDifference:
    """A difference that an entry of `parity.toml` excuses."""

    difference: Difference
    reason: str
    owner: str
    until: str
    """The last day on which it is accepted, YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class PairResult:
    """A case on both targets."""

    case: str
    title: str
    why: str
    old: CaseRun
    new: CaseRun
    differences: tuple[Difference, ...]
    accepted: tuple[AcceptedDifference, ...]
    reproducer: str
    """A command line that sends the same request: curl where curl can say it."""

    @property
    def failed_alike(self) -> bool:
        """Same on both and wrong on both."""
        return not self.differences and bool(self.old.failures) and bool(self.new.failures)


@dataclass(frozen=True, slots=True)
class DiffResult:
    """Every case on two targets."""

    old: str
    new: str
    pairs: tuple[PairResult, ...]
    stale: tuple[str, ...] = ()
    """Accepted differences that have expired or, in a full run, no longer occur, in words."""
    not_started: tuple[str, ...] = ()
    """Targets that did not start, and why."""

    @property
    def verdict(self) -> Verdict:
        if self.not_started or not self.pairs or any(p.old.transcript.error or p.new.transcript.error for p in self.pairs):
            return Verdict.INCONCLUSIVE
        different = any(p.differences for p in self.pairs) or bool(self.stale)
        return Verdict.DIFFERENT if different else Verdict.SAME

    @property
    def failed_alike(self) -> tuple[str, ...]:
        return tuple(pair.case for pair in self.pairs if pair.failed_alike)

    @property
    def exit_status(self) -> int:
        """0 same, 1 a difference or a failed expectation, 3 not enough evidence, 4 a target did not start."""
        if self.not_started:
            return 4
        failed = any(p.differences or p.old.failures or p.new.failures for p in self.pairs) or self.stale
        if failed:
            return 1
        return 3 if self.verdict is Verdict.INCONCLUSIVE else 0
