"""Batches of examples: a pure function of seed, kind and number, whatever was answered before and in whichever process."""

from __future__ import annotations

from hashlib import sha256

from samewire.fuzz import semantic, stateful, wire
from samewire.fuzz.drawing import drawn
from samewire.fuzz.example import BATCH, Example, Kind
from samewire.fuzz.known import Known

_STRATEGIES = {Kind.SEMANTIC: semantic.turns, Kind.WIRE: wire.turns, Kind.STATEFUL: stateful.turns}


def batch(kind: Kind, seed: int, number: int, known: Known, *, unsafe: bool) -> tuple[Example, ...]:
    """The examples from `number * BATCH` on."""
    strategy = _STRATEGIES[kind](known, unsafe)
    # the first value of a run is the simplest one there is: the same in each batch, so it is left out
    values = drawn(strategy, _seed(kind, seed, number), BATCH + 1)[1:]
    return tuple(Example(kind, number * BATCH + at, turns) for at, turns in enumerate(values))


def _seed(kind: Kind, seed: int, number: int) -> int:
    """Of one batch: neighbouring seeds have nothing in common."""
    return int.from_bytes(sha256(f"{kind} {seed} {number}".encode()).digest()[:8])
