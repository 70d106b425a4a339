"""Two servers under the same load, in one paired run.

What measures (`samewire.load.measure`) needs the extra `load`; the result and its words, which reports read, do not.
"""

from samewire.load.plan import Plan, Subject
from samewire.load.result import Finding, LoadResult, Ratio
from samewire.load.words import lines, plain, verdict

__all__ = ["Finding", "LoadResult", "Plan", "Ratio", "Subject", "lines", "plain", "verdict"]
