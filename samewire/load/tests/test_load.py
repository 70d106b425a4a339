"""Blocks to ratios to verdicts on made-up figures; the generator on a real server."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from samewire.load import process
from samewire.load.generator import GeneratorError, generate
from samewire.load.measure import hold, warnings
from samewire.load.plan import Plan, Side
from samewire.load.result import Block, Finding, LoadResult
from samewire.load.statistics import FIGURES, interval, judge, ratios

CPU = "CPU a request (us)"
LOCUST_FILE = """
from locust import FastHttpUser, constant, task

class Visitor(FastHttpUser):
    wait_time = constant(0.02)

    @task
    def visit(self):
        self.client.get("/")
"""


@dataclass
class Elsewhere:
    name: str
    url: str
    pid: int | None = None


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    file = tmp_path / "locustfile.py"
    file.write_text(LOCUST_FILE)
    return Plan(file, users=2, rate=50, seed=7)


def block(side: Side, microseconds: float = 100, milliseconds: float = 1.0, errors: int = 0) -> Block:
    return Block(
        side, 1.0, 100, errors, (milliseconds,) * 100, {}, microseconds * 100 / 1e6, generator_cpu=0.1, achieved=1.0
    )  # fmt: skip


def run(order: Sequence[Side], old: float, new: float, noise: float = 0.01) -> tuple[Block, ...]:
    chance = random.Random(3)
    base = {"old": old, "new": new}
    return tuple(block(side, base[side] * chance.uniform(1 - noise, 1 + noise)) for side in order)


def test_every_four_blocks_load_each_server_twice_in_mirror_order(plan: Plan) -> None:
    order = plan.order()
    quads = [order[index : index + 4] for index in range(0, 12, 4)]
    assert all(quad == quad[::-1] and set(quad) == {"old", "new"} for quad in quads)


def test_too_few_blocks_for_an_interval_are_refused(plan: Plan) -> None:
    with pytest.raises(ValueError, match="8 will not do"):
        replace(plan, blocks=8)


def test_a_locust_file_that_is_not_there_is_named(plan: Plan) -> None:
    with pytest.raises(ValueError, match=r"no locust file .*absent\.py"):
        replace(plan, locustfile=Path("absent.py"))


def test_a_server_that_needs_half_the_cpu_is_faster(plan: Plan) -> None:
    cpu = ratios(run(plan.order(), 100, 50))[0]
    assert cpu.figure == CPU
    assert cpu.finding is Finding.FASTER
    assert cpu.low < 0.5 * 1.02
    assert cpu.high > 0.5 * 0.98


def test_a_server_that_needs_twice_the_cpu_is_slower(plan: Plan) -> None:
    assert ratios(run(plan.order(), 50, 100))[0].finding is Finding.SLOWER


def test_a_server_against_itself_is_equal(plan: Plan) -> None:
    assert ratios(run(plan.order(), 100, 100))[0].finding is Finding.EQUAL


def test_a_small_effect_within_much_noise_is_inconclusive(plan: Plan) -> None:
    assert ratios(run(plan.order(), 100, 104, noise=0.4))[0].finding is Finding.INCONCLUSIVE


def test_a_drift_common_to_both_servers_cancels(plan: Plan) -> None:
    drifting = [block(side, 100 * 1.05**number) for number, side in enumerate(plan.order())]
    cpu = ratios(drifting)[0]
    assert cpu.low < 1 < cpu.high


def test_nothing_is_said_when_a_server_differs_from_itself() -> None:
    assert judge(0.5, 0.6, control=(1.2, 1.3)) is Finding.INCONCLUSIVE
    assert judge(0.5, 0.6, control=None) is Finding.INCONCLUSIVE
    assert judge(0.5, 0.6, control=(0.98, 1.02)) is Finding.FASTER


def test_equal_log_ratios_have_an_interval_of_no_width() -> None:
    assert interval([0.0, 0.0, 0.0]) == (1.0, 1.0)


def test_a_figure_that_one_server_lacks_has_no_ratio(plan: Plan) -> None:
    blocks = [replace(b, server_cpu=None) if b.side == "old" else b for b in run(plan.order(), 100, 100)]
    assert [ratio.figure for ratio in ratios(blocks)] == [name for name in FIGURES if name != CPU]


def test_a_threshold_is_broken_only_when_the_whole_interval_lies_above_it(plan: Plan) -> None:
    blocks = run(plan.order(), 100, 150)
    found = ratios(blocks)
    broken, undecided = hold({"max_cpu_ratio": 1.2}, found, blocks)
    assert "max_cpu_ratio = 1.2" in broken[0]
    assert not undecided
    assert hold({"max_cpu_ratio": 1.8}, found, blocks) == ((), ())
    assert hold({"max_cpu_ratio": found[0].ratio}, found, blocks)[1]


def test_failed_requests_break_the_error_threshold(plan: Plan) -> None:
    blocks = [*run(plan.order(), 100, 100), block("new", errors=3)]
    broken, _ = hold({}, (), blocks)
    assert broken == ("max_error_rate = 0: 3 of 703 requests to the new server failed",)


def test_a_busy_generator_is_named_as_the_limit() -> None:
    subjects: dict[Side, Elsewhere] = {"old": Elsewhere("a", "http://a", 1), "new": Elsewhere("b", "http://b", 2)}
    busy = replace(block("old"), generator_cpu=0.95)
    assert "the generator was the limit" in warnings([busy, block("new")], subjects)[0]
    assert warnings([block("old"), block("new")], subjects) == ()


def test_a_server_elsewhere_is_said_to_show_no_cpu() -> None:
    subjects: dict[Side, Elsewhere] = {"old": Elsewhere("a", "http://a", 1), "new": Elsewhere("far", "http://b")}
    assert warnings([block("old"), block("new")], subjects) == (
        "far runs elsewhere: no CPU and no memory could be read",
    )


def test_the_exit_status_says_broken_before_undecided(plan: Plan) -> None:
    blocks = run(plan.order(), 100, 50)
    result = LoadResult("a", "b", plan, blocks, ratios(blocks), {}, (), (), ())
    assert result.exit_status == 0
    assert replace(result, undecided=("x",)).exit_status == 3
    assert replace(result, undecided=("x",), broken=("y",)).exit_status == 1


def test_cpu_time_grows_while_a_process_works() -> None:
    before = process.cpu_seconds(os.getpid())
    sum(range(2_000_000))
    after = process.cpu_seconds(os.getpid())
    assert before is not None
    assert after is not None
    assert after > before
    assert (process.peak_memory(os.getpid()) or 0) > 1 << 20


async def test_cpu_time_of_a_process_that_is_gone_is_none() -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    assert process.cpu_seconds(gone.pid) is None


async def test_locust_loads_a_real_server_and_keeps_every_time_unrounded(plan: Plan) -> None:
    served = 0
    conversations = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        conversations.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                served += 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        load = await generate(url, plan, 1.0)
        await asyncio.wait_for(asyncio.gather(*filter(None, conversations)), 10)
    assert len(load.milliseconds) == served > 10
    assert any(value != round(value) for value in load.milliseconds)
    assert load.errors == 0
    assert load.seconds > 0.9


async def test_a_locust_file_that_fails_to_load_is_reported_with_its_own_words(plan: Plan) -> None:
    plan.locustfile.write_text("raise RuntimeError('no such scenario')")
    with pytest.raises(GeneratorError, match="no such scenario"):
        await generate("http://127.0.0.1:9", plan, 1.0)
