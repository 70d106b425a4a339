"""Two servers under the same load, in one paired run."""

from parity.load.generator import GeneratorError
from parity.load.measure import measure
from parity.load.plan import Plan, Subject
from parity.load.result import Finding, LoadResult, Ratio
from parity.load.words import lines, plain, verdict

__all__ = [
    "Finding",
    "GeneratorError",
    "LoadResult",
    "Plan",
    "Ratio",
    "Subject",
    "lines",
    "measure",
    "plain",
    "verdict",
]
