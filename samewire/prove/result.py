"""What the injected faults showed, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from samewire.prove.fault import Fault


class Outcome(StrEnum):
    CAUGHT = "caught"
    MISSED = "missed"
    NOT_EXERCISED = "not exercised"
    """By none of the given cases."""
    QUIET = "not reported"
    """Of a harmless change: as it must be."""
    REPORTED = "reported"
    """Of a harmless change: a false alarm."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one fault."""

    fault: Fault
    outcome: Outcome
    tried: int = 0
    """Cases that exercise it and were carried out with it."""
    case: str = ""
    """The first that saw it; of what nobody saw, the first that should have."""
    place: str = ""
    """Of the difference that was seen, or of the expectation that was not met."""
    by: str = ""
    """`comparison`, or `expectation` where only that saw it."""

    @property
    def right(self) -> bool:
        """Whether it speaks for the gate, or at least not against it."""
        return self.outcome not in (Outcome.MISSED, Outcome.REPORTED)


@dataclass(frozen=True, slots=True)
class ProofResult:
    """Every fault on one pair of targets."""

    old: str
    new: str
    proofs: tuple[Proof, ...]
    cases: int = 0
    """How many were given."""
    unequal: tuple[str, ...] = ()
    """Cases that differ without any fault: they prove nothing, and none of them was used."""
    unused: int = 0
    """Cases that there was no room to keep."""
    seconds: float = 0.0
    not_started: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[Proof, ...]:
        """Without the harmless ones."""
        return tuple(proof for proof in self.proofs if not proof.fault.harmless)

    @property
    def controls(self) -> tuple[Proof, ...]:
        """The harmless ones."""
        return tuple(proof for proof in self.proofs if proof.fault.harmless)

    @property
    def injected(self) -> int:
        return len(self.faults)

    @property
    def missed(self) -> tuple[str, ...]:
        """Names of faults that nobody saw."""
        return tuple(proof.fault.name for proof in self.faults if proof.outcome is Outcome.MISSED)

    @property
    def false_alarms(self) -> tuple[str, ...]:
        """Names of harmless changes that were reported."""
        return tuple(proof.fault.name for proof in self.controls if proof.outcome is Outcome.REPORTED)

    @property
    def exercised(self) -> int:
        return sum(proof.outcome is not Outcome.NOT_EXERCISED for proof in self.faults)

    @property
    def caught(self) -> int:
        return sum(proof.outcome is Outcome.CAUGHT for proof in self.faults)

    @property
    def wrong(self) -> tuple[Proof, ...]:
        """What speaks against the gate: faults that were missed, harmless changes that were reported."""
        return tuple(proof for proof in self.proofs if not proof.right)

    @property
    def exit_status(self) -> int:
        """0 all that was exercised was caught, 1 something was missed, 3 nothing was exercised, 4 nothing started."""
        if self.not_started:
            return 4
        if self.wrong:
            return 1
        return 0 if self.exercised else 3
