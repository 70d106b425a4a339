"""Two servers under the same load, in one paired run.

What measures (`parity.load.measure`) needs the extra `load`; the result and its words, which reports read, do not.
"""

from parity.load.plan import Plan, Subject
from parity.load.result import Finding, LoadResult, Ratio
from parity.load.words import lines, plain, verdict

__all__ = ["Finding", "LoadResult", "Plan", "Ratio", "Subject", "lines", "plain", "verdict"]
