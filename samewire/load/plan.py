"""What a load comparison does: how much, how often, in which order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from samewire.config import Config

Side = Literal["old", "new"]


class Subject(Protocol):
    """A server under load."""

    @property
    def name(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def pid(self) -> int | None:
        """Its process, or None when it runs elsewhere: then there is no CPU and no memory to read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One load comparison. Raises ValueError for numbers that can't give an interval."""

    locustfile: Path
    scenario: str = "mixed"
    users: int = 16
    rate: float = 300.0
    """Requests a second in all; well below what the generator can do (about 12,000 on one core)."""
    blocks: int = 12
    block_seconds: float = 4.0
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.blocks < 12 or self.blocks % 4:
            raise ValueError(f"blocks come in fours (A B B A), at least three of them: {self.blocks} will not do")
        if min(self.users, self.rate, self.block_seconds) <= 0:
            raise ValueError("users, rate and block_seconds must be greater than zero")
        if not self.locustfile.is_file():
            raise ValueError(f"there is no locust file {self.locustfile}")

    def order(self) -> tuple[Side, ...]:
        """Which server each block loads: A B B A or B A A B by chance, so that drift falls on both alike."""
        chance = random.Random(self.seed)
        quads: Sequence[tuple[Side, ...]] = (("old", "new", "new", "old"), ("new", "old", "old", "new"))
        return tuple(side for _ in range(self.blocks // 4) for side in chance.choice(quads))


def plan_of(config: Config, **given: Any) -> Plan:
    """The plan that the configuration asks for, with what is given by a field's name in its place; raises ValueError."""
    load = config.load
    values: dict[str, Any] = {
        "locustfile": config.folder / load.locustfile,
        "scenario": load.scenarios[0],
        "users": load.users,
        "rate": load.rate,
        "blocks": load.blocks,
        "block_seconds": load.block_seconds,
        "seed": load.seed,
    }
    return Plan(**(values | given))
