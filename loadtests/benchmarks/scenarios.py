"""What is asked of which servers, and what the figures are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Module = tuple[str, ...]


class Scenario(NamedTuple):
    """One thing that all its servers are asked in turns."""

    title: str
    servers: Mapping[str, Module]
    target: Mapping[str, str]
    """By server; for those that are not named, the one under the empty name."""
    aims: tuple[tuple[str, str, float], ...]
    """Server, the one it is measured against, and what the ratio of their CPU times should not exceed."""
    share: float = 1.0
    """Of the requests of a round: what costs more is asked less often."""

    def path(self, server: str) -> str:
        return self.target.get(server, self.target.get("", "/"))


def _ours(mode: str) -> dict[str, Module]:
    options = ("--port", "0", "--mode", mode)
    return {
        "legacy": ("legacy", *options),
        "legacy threads": ("legacy", "--engine", "threads", *options),
        "aiohttp": ("aiohttp_server", *options),
    }


_BARE = {"bare aiohttp": ("loadtests.benchmarks.comparators.bare_aiohttp",)}
_UVICORN = {"uvicorn + Starlette": ("loadtests.benchmarks.comparators.bare_starlette",)}
FILE_SIZE = 100_000
SCENARIOS = (
    Scenario(
        "GET /health",
        {**_ours("production"), **_BARE, **_UVICORN},
        {"": "/health"},
        (
            ("legacy", "uvicorn + Starlette", 0.65),
            ("legacy threads", "uvicorn + Starlette", 1.2),
            ("aiohttp", "bare aiohttp", 1.10),
        ),
    ),
    Scenario(
        f"a file of {FILE_SIZE // 1000} KB, against aiohttp's FileResponse",
        {**_ours("production"), **_BARE},
        {"": "/static/large", "bare aiohttp": "/file"},
        (("aiohttp", "bare aiohttp", 0.30), ("legacy", "aiohttp", 1.0), ("legacy threads", "aiohttp", 1.0)),
        share=0.25,
    ),
    Scenario(
        "50 streamed events, against a loop over aiohttp's StreamResponse",
        {**_ours("testing"), **_BARE},
        {"": "/probe/events/50", "bare aiohttp": "/events"},
        (("aiohttp", "bare aiohttp", 0.90), ("legacy", "bare aiohttp", 0.90)),
        share=0.125,
    ),
)
