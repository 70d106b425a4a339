"""Locust as a subprocess, because it patches the standard library: one block of load on one server."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samewire.load.plan import Plan

_RECORDER = Path(__file__).with_name("recorder.py")
_PATIENCE = 30.0
"""Seconds beyond the block's own for locust to start and stop."""


class GeneratorError(Exception):
    """The generator did not run; the text is the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the generator says of one block."""

    seconds: float
    generator_cpu: float
    errors: int
    milliseconds: tuple[float, ...]
    by_name: dict[str, tuple[float, ...]]


async def generate(url: str, plan: Plan, seconds: float) -> Load:
    """Load `url` for so many seconds; raises GeneratorError when locust does not start or leaves nothing."""
    with tempfile.TemporaryDirectory(prefix="samewire-load-") as folder:
        samples = Path(folder, "samples.json")
        written = await _run(_command(url, plan, seconds), _environment(plan, samples), seconds + _PATIENCE)
        try:
            report: dict[str, Any] = json.loads(samples.read_bytes())
        except (OSError, ValueError):
            raise GeneratorError(f"locust left no samples. It wrote:\n{written[-2000:]}") from None
    return Load(
        seconds=report["seconds"],
        generator_cpu=report["generator_cpu"],
        errors=report["errors"],
        milliseconds=tuple(report["milliseconds"]),
        by_name={name: tuple(values) for name, values in report["by_name"].items()},
    )


def _command(url: str, plan: Plan, seconds: float) -> list[str]:
    return [
        sys.executable, "-m", "locust", "--locustfile", f"{_RECORDER},{plan.locustfile}", "--headless",
        "--host", url, "--users", str(plan.users), "--spawn-rate", str(plan.users), "--run-time", f"{seconds:g}s",
        "--stop-timeout", "5s", "--only-summary", "--loglevel", "WARNING", "--exit-code-on-error", "0",
    ]  # fmt: skip


def _environment(plan: Plan, samples: Path) -> dict[str, str]:
    settings = {
        "SAMEWIRE_LOAD_SAMPLES": str(samples),
        "SAMEWIRE_LOAD_SCENARIO": plan.scenario,
        "SAMEWIRE_LOAD_RATE": str(plan.rate / plan.users),
    }
    return {**os.environ, **settings}


async def _run(command: list[str], environment: dict[str, str], limit: float) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(limit):
            written, _ = await process.communicate()
    except TimeoutError:
        raise GeneratorError(f"locust was still running after {limit:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return written.decode("utf-8", "replace")
