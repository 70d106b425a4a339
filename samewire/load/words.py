"""A load result in words and as plain data, for reports to put where they need it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from samewire.load.result import Finding, LoadResult, Ratio

_SAID = {
    Finding.FASTER: "{new} is cheaper",
    Finding.SLOWER: "{new} is dearer",
    Finding.EQUAL: "no difference beyond 5 %",
    Finding.INCONCLUSIVE: "inconclusive",
}


def lines(result: LoadResult) -> tuple[str, ...]:
    """The result a line each: the load, the ratios, memory, what weakens it, thresholds."""
    plan = result.plan
    requests = sum(block.requests for block in result.blocks)
    errors = sum(block.errors for block in result.blocks)
    head = (
        f"scenario {plan.scenario}: {requests} requests, {errors} failed, {plan.blocks} interleaved blocks of "
        f"{plan.block_seconds:g} s at {plan.rate:g} requests a second from {plan.users} users"
    )
    return (
        head,
        *(_ratio(ratio, result) for ratio in result.ratios),
        *(_memory(result)),
        *(f"note: {warning}" for warning in result.warnings),
        *(f"threshold broken: {words}" for words in result.broken),
        *(f"threshold undecided: {words}" for words in result.undecided),
        f"performance: {verdict(result)}",
    )


def verdict(result: LoadResult) -> str:
    """One sentence; says which figure it rests on."""
    if not result.ratios:
        return "inconclusive: no figure could be compared"
    return _ratio(result.ratios[0], result)


def plain(result: LoadResult) -> dict[str, Any]:
    """The result as JSON-able data, without the single response times."""
    plan = asdict(result.plan) | {"locustfile": str(result.plan.locustfile)}
    blocks = [
        {
            "side": block.side, "seconds": block.seconds, "requests": block.requests, "errors": block.errors,
            "server_cpu_seconds": block.server_cpu, "generator_cpu": block.generator_cpu, "achieved": block.achieved,
        }
        for block in result.blocks
    ]  # fmt: skip
    return {
        "old": result.old, "new": result.new, "finding": result.finding.value, "sentence": verdict(result), "plan": plan,
        "ratios": [asdict(ratio) for ratio in result.ratios], "blocks": blocks, "peak_memory": result.peak_memory,
        "warnings": result.warnings, "broken": result.broken, "undecided": result.undecided,
    }  # fmt: skip


def _ratio(ratio: Ratio, result: LoadResult) -> str:
    control = f"; itself [{ratio.control[0]:.2f}, {ratio.control[1]:.2f}]" if ratio.control else ""
    said = _SAID[ratio.finding].format(new=result.new)
    return (
        f"{ratio.figure}: {result.old} {ratio.old:.4g}, {result.new} {ratio.new:.4g}, "
        f"ratio {ratio.ratio:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]{control}: {said}"
    )


def _memory(result: LoadResult) -> list[str]:
    peaks = {side: peak for side, peak in result.peak_memory.items() if peak is not None}
    names = {"old": result.old, "new": result.new}
    if not peaks:
        return []
    return ["peak memory: " + ", ".join(f"{names[side]} {peak / 2**20:.0f} MiB" for side, peak in peaks.items())]
