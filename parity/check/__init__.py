"""Holds what was observed of a case against what it must be; everything here is pure."""

from parity.check.standing import Invariant
from parity.check.steps import check

__all__ = ["Invariant", "check"]
