"""Proves that the comparison can fail: injects faults between the harness and the new server; see `samewire prove`.

What does the work is in `proving`, and is imported when it is needed: it takes the whole catalogue of faults.
"""

from samewire.prove.result import Outcome, Proof, ProofResult
from samewire.prove.words import lines, remedy, verdict_line

__all__ = ["Outcome", "Proof", "ProofResult", "lines", "remedy", "verdict_line"]
