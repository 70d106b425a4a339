"""The same seed and number of examples give the same exchanges, whatever the process; what is not allowed is not made."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from samewire.fuzz.batches import Wanted, batches, generate
from samewire.fuzz.breaches import BREACHES
from samewire.fuzz.example import BATCH, Example, Kind, Wire, digest
from samewire.fuzz.known import Known
from samewire.fuzz.tests.known_service import KNOWN
from samewire.traffic import SAFE_METHODS

_PROGRAM = """
from samewire.fuzz.batches import Wanted, batches, generate
from samewire.fuzz.example import Kind, digest
from samewire.fuzz.tests.known_service import KNOWN
wanted = Wanted(90, 7, tuple(Kind), KNOWN, True)
print(digest(example for batch in batches(wanted) for example in generate(wanted, *batch)))
"""


def made(examples: int, seed: int, *kinds: Kind, unsafe: bool = True, known: Known = KNOWN) -> list[Example]:
    wanted = Wanted(examples, seed, kinds or tuple(Kind), known, unsafe)
    return [example for batch in batches(wanted) for example in generate(wanted, *batch)]


def test_two_runs_make_the_same_bytes_and_another_seed_others() -> None:
    assert digest(made(90, 7)) == digest(made(90, 7)) != digest(made(90, 8))


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_makes_the_same_bytes(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == digest(made(90, 7))


@pytest.mark.parametrize("examples", [1, 2, 3, 100, 3 * BATCH + 1])
def test_the_kinds_share_the_examples(examples: int) -> None:
    wanted = Wanted(examples, 1, tuple(Kind), KNOWN, unsafe=True)
    sizes = [size for _, _, size in batches(wanted)]
    assert sum(sizes) == examples
    assert all(0 < size <= BATCH for size in sizes)


def test_more_examples_begin_with_the_same_ones() -> None:
    assert made(40, 7, Kind.WIRE) == made(50, 7, Kind.WIRE)[:40]


@pytest.mark.parametrize("kind", list(Kind))
def test_without_leave_nothing_asks_for_a_change_of_state(kind: Kind) -> None:
    examples = made(BATCH, 3, kind, unsafe=False)
    assert all(example.safe for example in examples)
    assert not all(example.safe for example in made(BATCH, 3, kind))
    assert {"GET", "HEAD", "OPTIONS"} == SAFE_METHODS


def test_every_breach_is_made() -> None:
    names = [breach.name for breach in BREACHES]
    assert len(set(names)) == len(names) > 70
    messages = [turn.message for example in made(6 * BATCH, 1, Kind.WIRE) for turn in example.turns]
    parts = [part for one in messages if isinstance(one, Wire) for request in one.requests for part in request]
    assert set(names) - {part.breach for part in parts} <= {
        "cut short",
        "no end of the head",
    }  # these leave no part behind


def test_examples_vary() -> None:
    for kind in Kind:
        examples = made(BATCH, 5, kind)
        assert len({example.turns for example in examples}) > 0.9 * BATCH
