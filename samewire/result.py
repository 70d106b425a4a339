"""What a run found, as values: what every report reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from samewire.exchange import Transcript
from samewire.traffic import Account, Skipped


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
    lines: str = ""
    """Of texts of several lines: those that differ first, as a unified diff; bounded and without secrets, as the sides are."""


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
    """A difference that an entry of `samewire.toml` excuses."""

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
    """A command line that sends the same request: curl where curl can say it; empty when nothing is wrong."""

    @property
    def evident(self) -> bool:
        """Whether both sides were observed at all."""
        runs = (self.old.transcript, self.new.transcript)
        return all(run.observations and not run.error for run in runs)

    @property
    def failed_alike(self) -> bool:
        """Same on both and wrong on both."""
        return not self.differences and bool(self.old.failures) and bool(self.new.failures)


@dataclass(frozen=True, slots=True)
class NoisyPlace:
    """A place whose value varies between two answers of the old server to the same request."""

    case: str
    """A case's id, or, of replayed traffic, a route: `GET /items/{}`."""
    place: str
    kind: str
    """`clock`, `uuid`, `token`, `counter`, `uptime`, `permuted`, `jitter`, `echo`, several of them joined by `+`; `unclassified`
    when it fits none and so is not compared; `flaky` when it varied, but not in every pair of answers, and fits none;
    `presence` when it came and went; `flaky on new` when only the new server's answer differed, and only once."""
    example: tuple[str, str]
    """Two values of the old server, as they may be shown."""

    @property
    def checked(self) -> bool:
        """Whether the values of both sides are still held against the kind."""
        return not self.flaky and "unclassified" not in self.kind.split("+")

    @property
    def flaky(self) -> bool:
        """Whether it varied in some answers and not in others, or was not there in all of them."""
        return not {"flaky", "presence", "flaky on new"}.isdisjoint(self.kind.split("+"))


class Covered(NamedTuple):
    """How many exchanges were compared of one kind."""

    route: str
    """The path with what looks like an id replaced: `/items/{}`."""
    method: str
    status: int
    """Of the old side; 0 when there was no answer."""
    kind: str
    """The media type of the answer, `websocket`, or an empty text when it had no content."""
    times: int


class Exercised(NamedTuple):
    """How often a relation between answers of one server was asked for, and how often the server knew of it."""

    relation: str
    """`head`, `if-none-match`, `range-first`, ...: the end of the ids of the cases derived for it."""
    target: str
    asked: int
    shown: int
    """The answer was one that only a server gives that supports it: 304, 206, a coding; the others are no failure."""
    varied: int
    """The full answer varied of itself, so that the other was held against what did not."""


class Streamed(NamedTuple):
    """How an answer arrived from both servers, by statistics over repeats."""

    case: str
    old: str
    """`incremental`, `buffered` or `undecided`."""
    old_confidence: float
    """From 0 to 1."""
    new: str
    new_confidence: float
    repeats: int
    """How often each server was asked."""


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
    skipped: tuple[str, ...] = ()
    """Cases that were not carried out: they would change the state of a target that is not disposable, or are among
    `left_out`."""
    left_out: tuple[Skipped, ...] = ()
    """Cases that ask what can't be said in the version of HTTP that a target speaks, and what that is."""
    unchanged: int = 0
    """Exchanges of replayed or generated traffic that were the same and are not kept in `pairs`."""
    omitted: int = 0
    """Exchanges that differ and are not kept in `pairs`, because enough of the same cause are."""
    more: tuple[tuple[str, int], ...] = ()
    """Of these, by the fingerprint of each cause (`samewire.clusters`), how many; one exchange may be of several."""
    accounts: tuple[Account, ...] = ()
    """What became of the records of each source of traffic."""
    coverage: tuple[Covered, ...] = ()
    noise: tuple[NoisyPlace, ...] = ()
    interrupted: bool = False
    """Whether it was ended before it was whole: then what is the same proves nothing."""
    relations: tuple[Exercised, ...] = ()
    """Of each target, what was held against each other of its own answers."""
    asked_once: tuple[str, ...] = ()
    """Cases that change state and so were asked for once only: in them, what varies by itself is known from others."""
    seed: int = 0
    """Of the random order in which both targets were asked."""
    streams: tuple[Streamed, ...] = ()
    """Answers that looked as if the new server held back what the old one sends as it is made, or that were asked for."""
    strict: bool = False
    """Whether a flaky place fails the run."""

    @property
    def comparisons(self) -> int:
        """How many cases and records were observed on both targets."""
        return sum(pair.evident for pair in self.pairs) + self.unchanged + self.omitted

    @property
    def verdict(self) -> Verdict:
        """A difference is one whatever else went wrong; the same takes evidence from every pair."""
        if self.stale or self.omitted or any(pair.differences for pair in self.pairs):
            return Verdict.DIFFERENT
        if self.interrupted or self.not_started or not self.comparisons or not all(pair.evident for pair in self.pairs):
            return Verdict.INCONCLUSIVE
        if any(not account.sent or account.lacking for account in self.accounts):
            return Verdict.INCONCLUSIVE
        return Verdict.SAME

    @property
    def flaky(self) -> tuple[NoisyPlace, ...]:
        """The places that differ between answers of one server now and then, and are held against no class."""
        return tuple(place for place in self.noise if place.flaky)

    @property
    def failed_alike(self) -> tuple[str, ...]:
        return tuple(pair.case for pair in self.pairs if pair.failed_alike)

    @property
    def exit_status(self) -> int:
        """0 same, 1 a difference or a failed expectation, 3 not enough evidence, 4 a target did not start."""
        if self.not_started:
            return 4
        failed = any(p.differences or p.old.failures or p.new.failures for p in self.pairs)
        if failed or self.stale or self.omitted or (self.strict and self.flaky):
            return 1
        return 3 if self.verdict is Verdict.INCONCLUSIVE else 0


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case on one target, held against its expectations alone."""

    case: str
    title: str
    why: str
    run: CaseRun
    reproducer: str
    """As of a pair; empty of a case that passes."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Every case on one target."""

    target: str
    cases: tuple[CheckedCase, ...]
    not_started: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    relations: tuple[Exercised, ...] = ()
    left_out: tuple[Skipped, ...] = ()
    """As of a DiffResult."""

    @property
    def failed(self) -> tuple[CheckedCase, ...]:
        return tuple(checked for checked in self.cases if not checked.run.passed)

    @property
    def exit_status(self) -> int:
        """0 every expectation met, 1 one is not, 3 nothing was observed, 4 the target did not start."""
        if self.not_started:
            return 4
        if any(checked.run.failures for checked in self.cases):
            return 1
        return 3 if self.failed or not self.cases else 0
