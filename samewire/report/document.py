"""The shape of the result as JSON, as types: what `docs/result.schema.json` is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, JsonValue

from samewire.result import Grade, Verdict

SCHEMA_VERSION: Literal["1.0"] = "1.0"
"""The first number grows when a member is taken away or changes its meaning, the second when one is added."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Closed: what is not described here is not written. Dataclasses, as they take lone surrogates, which models refuse."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class DifferenceShape(Shape):
    """One place in which the answers to a case differ."""

    case: str
    place: str
    """`status`, `header.vary`, `body.json:/results/0/score`, `framing`, `connection`, `sse[3].data`, ...; in a case of
    several answers prefixed by `answer[N].` (N counts from 0)."""
    old: str
    """Bounded, printable, and without secrets: as a report shows it."""
    new: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class ClusterShape(Shape):
    """Differences that have, by all that shows, one cause."""

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    """The same from run to run; what `samewire accept` takes."""
    place: str
    """With `*` in the place of numbers."""
    change: str
    """`missing`, `added`, `changed`, or both values where few are possible: `200 -> 404`."""
    grade: Grade
    count: Annotated[int, Field(ge=1)]
    """Of the differences that are here."""
    more: int
    """Exchanges of the same cause that are counted only."""
    cases: tuple[str, ...]
    """The first 50 of the cases it occurs in."""
    old: str | None
    """What all of them show on the old side; null when they vary."""
    new: str | None
    example: DifferenceShape
    reproducer: str
    """A command line that sends the request of the example."""


@dataclass(frozen=True, slots=True)
class FailureShape(Shape):
    """One expectation of a case that a target does not meet."""

    case: str
    target: str
    place: str
    """As of a difference, or `error` when nothing could be observed."""
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class AcceptedShape(Shape):
    """A difference that an entry of the configuration excuses."""

    difference: DifferenceShape
    reason: str
    owner: str
    until: str
    """The last day on which it is accepted, YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class SkippedShape(Shape):
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class SkippedCaseShape(Shape):
    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class AccountShape(Shape):
    """What became of the records of one source: `read` is `sent` and those skipped."""

    source: str
    read: int
    sent: int
    skipped: tuple[SkippedShape, ...]


@dataclass(frozen=True, slots=True)
class CoveredShape(Shape):
    """How many exchanges were compared of one kind."""

    route: str
    """The path with what looks like an id replaced by `{}`."""
    method: str
    status: int
    """Of the old side; 0 without an answer."""
    kind: str
    """The media type of the answer, `websocket`, or empty without content."""
    times: int


@dataclass(frozen=True, slots=True)
class NoisyShape(Shape):
    """A place whose value varies between two answers of the old server to the same request."""

    case: str
    place: str
    kind: str
    checked: bool
    """Whether the values of both sides are still held against the kind."""
    example: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ExercisedShape(Shape):
    """How often a relation between answers of one target was asked for: HEAD beside GET, a range beside the whole."""

    relation: str
    target: str
    asked: int
    shown: int
    """How often the answer was one of a server that supports it; the others are no failure."""
    varied: int
    """How often the content of the full answer varied of itself, and so was not held against."""


@dataclass(frozen=True, slots=True)
class StreamedShape(Shape):
    """How an answer arrived from both targets, by statistics over repeats."""

    case: str
    old: str
    """`incremental`, `buffered` or `undecided`."""
    old_confidence: float
    new: str
    new_confidence: float
    repeats: int


@dataclass(frozen=True, slots=True)
class BoundShape(Shape):
    """What "no difference" is worth of sampled traffic."""

    compared: Annotated[int, Field(ge=1)]
    share: Annotated[float, Field(gt=0, lt=1)]
    """At most this share of such traffic differs, at `confidence`."""
    confidence: float
    sentence: str


@dataclass(frozen=True, slots=True)
class CaseShape(Shape):
    """A case that differs or fails."""

    case: str
    title: str
    why: str
    reproducer: str


@dataclass(frozen=True, slots=True)
class DiffShape(Shape):
    """Two targets compared."""

    verdict: Verdict
    """`inconclusive`: nothing, or too little, was compared; `lacking` says why."""
    exit_status: int
    old: str
    new: str
    comparisons: int
    """How many cases and records were observed on both."""
    unchanged: int
    """Of these: records of traffic that were the same."""
    omitted: int
    """Of these: records that differ and are counted only, because enough of the same cause are here."""
    lacking: tuple[str, ...]
    bound: BoundShape | None
    failed_alike: tuple[str, ...]
    """Ids of cases that are the same and wrong on both."""
    clusters: tuple[ClusterShape, ...]
    """What matters most first."""
    differences: tuple[DifferenceShape, ...]
    failures: tuple[FailureShape, ...]
    accepted: tuple[AcceptedShape, ...]
    stale: tuple[str, ...]
    """Entries of accepted differences that have expired or no longer occur."""
    expiring: tuple[str, ...]
    """Entries that expire within two weeks."""
    not_started: tuple[str, ...]
    skipped: tuple[str, ...]
    """Ids of cases left out because they may change state and a target is not disposable, or as in `left_out`."""
    left_out: tuple[SkippedCaseShape, ...]
    """Of these, cases that can't be said in the version of HTTP that a target speaks."""
    asked_once: tuple[str, ...]
    """Ids of cases that change state and so were not asked again: what varies in them is known from others."""
    seed: int
    """Of the order in which the targets were asked."""
    interrupted: bool
    not_observed: tuple[str, ...]
    cases: tuple[CaseShape, ...]
    accounts: tuple[AccountShape, ...]
    coverage: tuple[CoveredShape, ...]
    noise: tuple[NoisyShape, ...]
    relations: tuple[ExercisedShape, ...]
    streams: tuple[StreamedShape, ...]


@dataclass(frozen=True, slots=True)
class GateShape(Shape):
    """Faults that a proxy injected, and whether the comparison noticed."""

    injected: int
    exercised: int
    """By the given cases."""
    caught: int
    missed: tuple[str, ...]
    """Names of faults that `samewire prove --list` explains."""
    false_alarms: tuple[str, ...]
    """Names of harmless changes that were reported."""


@dataclass(frozen=True, slots=True)
class ComparisonDocument(DiffShape):
    """What `samewire diff`, `samewire compare` and every other command that compares two targets write."""

    identity: DiffShape | None
    """The old target against itself."""
    load: dict[str, JsonValue] | None
    """The load comparison; at least `finding`."""
    gate: GateShape | None
    schema_version: Literal["1.0"]


@dataclass(frozen=True, slots=True)
class CheckShape(Shape):
    """One target held against the cases."""

    target: str
    exit_status: int
    cases: int
    failures: tuple[FailureShape, ...]
    not_started: tuple[str, ...]
    skipped: tuple[str, ...]
    relations: tuple[ExercisedShape, ...]


@dataclass(frozen=True, slots=True)
class CheckDocument(Shape):
    """What `samewire check` writes."""

    exit_status: int
    targets: tuple[CheckShape, ...]
    comparisons: tuple[DiffShape, ...]
    """The first target with each of the others."""
    schema_version: Literal["1.0"]


Document = ComparisonDocument | CheckDocument
