"""The gate can fail: faults injected before the new server are caught by the cases of this contract, one and all."""

from __future__ import annotations

from pathlib import Path

import pytest

from samewire.cases.collection import collect
from samewire.config import load
from samewire.interrupt import run
from samewire.prove import Outcome, ProofResult, lines
from samewire.prove.catalogue import FAULTS
from samewire.prove.proving import run_proof
from samewire.targets import resolve

CONFIG = Path(__file__).parent.parent / "samewire.toml"
NOT_EXERCISED = {"framing.trailers-lost"}
"""No endpoint sends trailers; the harness's own tests show that it would be caught."""


@pytest.fixture(scope="module")
def proof() -> ProofResult:
    config = load(CONFIG)
    targets = resolve("legacy", config), resolve("aiohttp", config)
    cases = collect(config.folder / config.cases)
    return run(run_proof(config, targets, cases, FAULTS, lambda _name, _total: lambda _done: None))


@pytest.mark.timeout(600)
def test_every_case_is_the_same_through_a_proxy_that_changes_nothing(proof: ProofResult) -> None:
    assert proof.cases > 800
    assert proof.unequal == ()


@pytest.mark.timeout(600)
def test_every_injected_fault_is_caught_and_no_harmless_change_is_reported(proof: ProofResult) -> None:
    assert proof.wrong == (), "\n".join(lines(proof))
    unexercised = {one.fault.name for one in proof.proofs if one.outcome is Outcome.NOT_EXERCISED}
    assert unexercised == NOT_EXERCISED
