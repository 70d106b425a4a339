"""The proof as JSON: for scripts and for CI."""

from __future__ import annotations

from pydantic import JsonValue

from samewire.cases.yaml_file import write
from samewire.prove.result import Proof, ProofResult

Json = dict[str, JsonValue]


def proof_json(result: ProofResult) -> Json:
    """`caught`, `exercised` and `injected` counts, `share`, and each of `faults` and of `harmless` changes."""
    return {
        "old": result.old,
        "new": result.new,
        "exit_status": result.exit_status,
        "injected": len(result.faults),
        "exercised": result.exercised,
        "caught": result.caught,
        "share": round(result.caught / result.exercised, 4) if result.exercised else None,
        "cases": result.cases,
        "seconds": round(result.seconds, 3),
        "faults": [_proof(proof) for proof in result.faults],
        "harmless": [_proof(proof) for proof in result.controls],
        "not_used": list(result.unequal),
        "not_started": list(result.not_started),
    }


def _proof(proof: Proof) -> JsonValue:
    fault = proof.fault
    return {
        "name": fault.name,
        "kind": str(fault.kind),
        "does": fault.does,
        "outcome": str(proof.outcome),
        "case": proof.case or None,
        "place": proof.place or None,
        "by": proof.by or None,
        "tried": proof.tried,
        "takes": fault.needs,
        "example": write([fault.case()]),
    }
