"""Holds what was observed of a case against what it must be; everything here is pure."""

from samewire.check.standing import Invariant
from samewire.check.steps import check

__all__ = ["Invariant", "check"]
