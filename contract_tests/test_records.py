"""What a server writes down: one access record for each answer, and no secret in any."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract_tests.process import Process, started
from contract_tests.wire import connected
from samewire.targets import Command

MEMBERS = [
    "time", "event", "id", "peer", "method", "target", "version", "status", "bytes", "seconds", "user_agent", "server",
]  # fmt: skip


@pytest.fixture
async def process(command: Command, tmp_path: Path) -> AsyncIterator[Process]:
    async with started(command, tmp_path, {}) as found:
        yield found


async def test_each_answer_has_one_record(process: Process) -> None:
    async with connected(process.port) as line:
        for target in ("/health", "/nowhere", "/probe/raise/error", "/probe/bytes/300"):
            await line.ask(target, "X-Request-ID: known", 'User-Agent: a\tb"c')
        await line.send("nonsense\r\n\r\n")
        await line.rest()
    records = await process.recorded(5)
    assert [list(record) for record in records] == [MEMBERS] * 5
    assert [record["status"] for record in records] == [200, 404, 500, 200, 400]
    assert [record["id"] for record in records[:4]] == ["known"] * 4
    assert records[3]["bytes"] == 300
    assert {record["user_agent"] for record in records[:4]} == {'a\tb"c'}
    assert all(isinstance(record["seconds"], float | int) and record["seconds"] >= 0 for record in records)


async def test_a_client_that_leaves_is_recorded_as_499(process: Process) -> None:
    async with connected(process.port) as line:
        await line.send("GET /probe/gate/a HTTP/1.1\r\nHost: test\r\n\r\n")
        await line.reader.readuntil(b"gate 0")
    (record,) = await process.recorded(1)
    assert (record["status"], record["target"]) == (499, "/probe/gate/a")


async def test_secrets_are_in_no_record(process: Process) -> None:
    secret = "s3cr3t-value"
    async with connected(process.port) as line:
        await line.ask(
            f"/health?token={secret}&code={secret}&a=1", f"Authorization: Bearer {secret}", f"Cookie: a={secret}"
        )
    (record,) = await process.recorded(1)
    assert record["target"] == "/health?token=[redacted]&code=[redacted]&a=1"
    assert secret not in process.log.read_text()


async def test_no_request_can_forge_a_line(process: Process) -> None:
    async with connected(process.port) as line:
        await line.ask("/nowhere%0A%7B%22event%22%3A%22access%22%7D", 'User-Agent: "}\\n{"event":"access"')
    assert len(await process.recorded(1)) == 1


TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("traceparent", "known"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"cc-{TRACE}-{SPAN}-01-what-comes-later", True),
        (f"00-{TRACE}-{SPAN}-01-more", False),
        (f"ff-{TRACE}-{SPAN}-01", False),
        (f"00-{'0' * 32}-{SPAN}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE.upper()}-{SPAN}-01", False),
        ("nonsense", False),
    ],
)
async def test_a_record_says_of_which_trace_it_is(process: Process, traceparent: str, known: bool) -> None:
    async with connected(process.port) as line:
        await line.ask("/health", f"traceparent: {traceparent}")
    (record,) = await process.recorded(1)
    assert (record.get("trace_id"), record.get("parent_id")) == ((TRACE, SPAN) if known else (None, None))


async def test_paths_that_are_skipped_have_no_record(command: Command, tmp_path: Path) -> None:
    async with started(command, tmp_path, {"NLWEB_SERVER__LOGGING__SKIP_PATHS": "/health,/ready"}) as process:
        async with connected(process.port) as line:
            for target_path in ("/health?a=b", "/ready", "/sites", "/health"):
                await line.ask(target_path)
            metrics = await line.ask("/metrics")
        assert [record["target"] for record in await process.recorded(2)] == ["/sites", "/metrics"]
        assert 'path="/health"' in metrics or '"/health"' in metrics
