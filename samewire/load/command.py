"""`samewire load`: both targets started, loaded in turn, and what that shows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from samewire.config import Config, ConfigError
from samewire.config import load as load_config
from samewire.credentials import UnusableTarget
from samewire.interrupt import INTERRUPTED, run
from samewire.launch import NotStarted
from samewire.load.generator import GeneratorError
from samewire.load.measure import measure
from samewire.load.plan import Plan, Side, plan_of
from samewire.load.reach import out_of_reach
from samewire.load.result import LoadResult
from samewire.load.words import lines, plain
from samewire.serving import serving
from samewire.targets import resolve

USAGE, NO_EVIDENCE, NOT_STARTED = 2, 3, 4


def load(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="Target name of samewire.toml, or a URL: the one compared against.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Target name or URL.")],
    scenario: Annotated[str | None, typer.Option(help="Scenario of the locust file.")] = None,
    rate: Annotated[float | None, typer.Option(help="Requests a second in all.")] = None,
    users: Annotated[int | None, typer.Option(help="Concurrent users.")] = None,
    blocks: Annotated[int | None, typer.Option(help="Blocks, in fours (A B B A); at least 12.")] = None,
    block_seconds: Annotated[float | None, typer.Option(help="Seconds a block.")] = None,
    locustfile: Annotated[Path | None, typer.Option(help="The users; any locust file will do.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the order of blocks.")] = None,
    config: Annotated[Path, typer.Option(help="The configuration.")] = Path("samewire.toml"),
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result there.")] = None,
) -> None:
    """Load OLD and NEW in interleaved blocks and say, with an interval, which is cheaper.

    CPU a request is the figure to trust; times include the generator's. Exit status 1: a threshold of samewire.toml is
    broken; 3: inconclusive; a slower server alone is a finding, not a failure.

    Example: samewire load legacy aiohttp --scenario streamed-ask
    """
    try:
        found = load_config(config)
        given = {"scenario": scenario, "rate": rate, "users": users, "blocks": blocks, "block_seconds": block_seconds,
                 "locustfile": locustfile, "seed": seed}  # fmt: skip
        plan = plan_of(found, **{name: value for name, value in given.items() if value is not None})
        result = run(_both(found, old, new, plan))
    except (ConfigError, UnusableTarget, ValueError) as error:
        _fail(str(error), USAGE)
    except KeyboardInterrupt:
        _fail("interrupted; the targets were stopped", INTERRUPTED)
    except NotStarted as error:
        _fail(str(error), NOT_STARTED)
    except GeneratorError as error:
        _fail(f"the load generator failed: {error}", NO_EVIDENCE)
    for line in lines(result):
        print(line)
    if json_file is not None:
        _write(plain(result), json_file)
    raise typer.Exit(result.exit_status)


async def _both(config: Config, old: str, new: str, plan: Plan) -> LoadResult:
    async with serving((resolve(old, config), resolve(new, config))) as (old_server, new_server):
        if why := out_of_reach(old_server, new_server):
            raise ValueError(why)
        return await measure(old_server, new_server, plan, config.thresholds.given(), _progress)


def _write(result: dict[str, Any], path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    except OSError as error:
        _fail(f"{path}: {error.strerror or error}", USAGE)


def _progress(number: int, blocks: int, side: Side) -> None:
    print(f"block {number} of {blocks}: {side} server", file=sys.stderr, flush=True)


def _fail(message: str, status: int) -> NoReturn:
    print(f"samewire load: {message}", file=sys.stderr)
    raise typer.Exit(status)
