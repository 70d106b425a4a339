"""Bytes that never reach an endpoint: what stock aiohttp answers in plain text, as HTTP/1.0, or with a reset."""

from __future__ import annotations

import pytest

from aiohttp_server.tests.conftest import Serve
from aiohttp_server.tests.served import Served

HOST = "Host: localhost\r\n"


@pytest.mark.parametrize(
    "data",
    [
        "GARBAGE\r\n\r\n",
        "GET /health HTTP/1.1\r\n\r\n",
        f"GET /health HTTP/1.1\r\n{HOST}{HOST}\r\n",
        f"get /health HTTP/1.1\r\n{HOST}\r\n",
        f"POST /probe/upload HTTP/1.1\r\n{HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
async def test_malformed_bytes_get_a_problem_as_http_1_1(served: Served, data: str | bytes) -> None:
    answer = await served.talk(data)
    assert (answer.version, answer.status) == ("HTTP/1.1", 400)
    assert answer.problem["instance"] == answer.headers["X-Request-ID"]
    assert answer.headers["Connection"] == "close"
    assert {"Date", "Vary", "X-Content-Type-Options"} <= set(answer.headers)
    record = served.records()[0]
    assert (record["status"], record["id"], record["bytes"]) == (
        400,
        answer.headers["X-Request-ID"],
        len(answer.content),
    )


async def test_a_refusal_repeats_nothing_of_the_input(served: Served) -> None:
    answer = await served.talk("GET /health HTTP/1.1\r\nSECRET\r\n\r\n")
    assert b"SECRET" not in answer.content
    assert "SECRET" not in served.log.read_text()


@pytest.mark.parametrize(("line", "status"), [("GET /health HTTP/2.0", 505), ("GET /health", 400)])
async def test_another_version_is_refused_as_http_1_1_and_closed(served: Served, line: str, status: int) -> None:
    answer = await served.talk(f"{line}\r\n{HOST}\r\n")
    assert (answer.version, answer.problem["status"], answer.headers["Connection"]) == ("HTTP/1.1", status, "close")


async def test_a_sound_request_before_malformed_bytes_is_answered(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(f"GET /health HTTP/1.1\r\n{HOST}\r\nGARBAGE\r\n\r\n")
        assert (await wire.answer()).status == 200
        assert (await wire.answer()).status == 400
        assert await wire.rest() == b""


@pytest.mark.parametrize(("size", "status"), [(1024, 200), (1025, 431)])
@pytest.mark.parametrize("at", [0, 500, 1022])
async def test_a_head_may_be_as_long_as_the_limit(serve: Serve, size: int, status: int, at: int) -> None:
    start = f"GET /health HTTP/1.1\r\n{HOST}X: "
    head = start + "a" * (size - len(start) - 4) + "\r\n\r\n"
    async with serve(max_head=1024) as served, served.connect() as wire:
        await wire.send(head[:at])
        await wire.send(head[at:])
        assert (await wire.answer()).status == status


async def test_a_request_line_past_the_limit_is_a_414(serve: Serve) -> None:
    async with serve(max_head=1024) as served:
        answer = await served.talk(f"GET /{'a' * 1100} HTTP/1.1\r\n{HOST}\r\n")
        assert answer.problem["status"] == 414


@pytest.mark.parametrize(("fields", "status"), [(10, 200), (11, 431)])
async def test_there_may_be_as_many_fields_as_the_limit(serve: Serve, fields: int, status: int) -> None:
    more = "X: a\r\n" * (fields - 1)
    async with serve(max_fields=10) as served, served.connect() as wire:
        await wire.send(f"GET /health HTTP/1.1\r\n{HOST}{more}\r\n")
        assert (await wire.answer()).status == status


async def test_a_head_that_does_not_end_in_time_is_a_408(serve: Serve) -> None:
    async with serve(header_timeout=0.1) as served:
        answer = await served.talk("GET /health HTTP/1.1\r\nHo")
        assert answer.problem["status"] == 408
        assert served.records()[0]["status"] == 408


async def test_a_connection_that_sends_nothing_is_closed_in_silence(serve: Serve) -> None:
    async with serve(header_timeout=0.1) as served, served.connect() as wire:
        assert await wire.rest() == b""


async def test_one_connection_too_many_is_told_so(serve: Serve) -> None:
    async with serve(max_connections=1) as served, served.connect() as first:
        assert (await first.get("/health")).status == 200
        answer = await served.talk("")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        assert (await first.get("/health")).status == 200
