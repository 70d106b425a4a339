"""What a load comparison found, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from samewire.load.plan import Plan, Side


class Finding(StrEnum):
    """What an interval lets one say of new against old."""

    FASTER = "faster"
    SLOWER = "slower"
    EQUAL = "equal"
    """The whole interval lies within the tolerance around 1."""
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of load on one server."""

    side: Side
    seconds: float
    requests: int
    errors: int
    milliseconds: tuple[float, ...]
    """The response time of every request that succeeded, as measured, not rounded."""
    by_name: dict[str, tuple[float, ...]]
    """The same by the name the locust file gave; streams add times to events under names of their own."""
    server_cpu: float | None
    """Seconds of CPU that the server's processes used meanwhile, as the operating system counts them."""
    generator_cpu: float
    """Share of one core that the generator used: above 0.8 it is the limit."""
    achieved: float
    """Requests a second over requests a second asked for."""

    @property
    def cpu_a_request(self) -> float | None:
        """Microseconds."""
        if self.server_cpu is None or not self.requests:
            return None
        return self.server_cpu / self.requests * 1e6


@dataclass(frozen=True, slots=True)
class Ratio:
    """New over old of one figure, with the interval that 95 in 100 such runs would cover."""

    figure: str
    old: float
    new: float
    ratio: float
    low: float
    high: float
    control: tuple[float, float] | None
    """The same interval for a server against itself, from neighbouring blocks of one server in the same run."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class LoadResult:
    old: str
    new: str
    plan: Plan
    blocks: tuple[Block, ...]
    ratios: tuple[Ratio, ...]
    peak_memory: dict[Side, int | None]
    """Bytes of resident memory at the highest."""
    warnings: tuple[str, ...]
    broken: tuple[str, ...]
    """Thresholds that do not hold, in words."""
    undecided: tuple[str, ...]
    """Thresholds that the interval straddles."""

    @property
    def finding(self) -> Finding:
        """Of CPU a request where it could be read, else of the median time: the figure to trust first."""
        return self.ratios[0].finding if self.ratios else Finding.INCONCLUSIVE

    @property
    def exit_status(self) -> int:
        if self.broken:
            return 1
        return 3 if self.undecided or self.finding is Finding.INCONCLUSIVE else 0
