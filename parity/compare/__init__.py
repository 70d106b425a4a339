"""Compares two transcripts; everything here is pure."""

from parity.compare.accepted import Accepted, Applied, apply, stale
from parity.compare.redact import mask, redact, redact_field
from parity.compare.rules import DEFAULT_RULES, Rule
from parity.compare.shown import bounded, printable
from parity.compare.transcripts import compare

__all__ = [
    "DEFAULT_RULES",
    "Accepted",
    "Applied",
    "Rule",
    "apply",
    "bounded",
    "compare",
    "mask",
    "printable",
    "redact",
    "redact_field",
    "stale",
]
