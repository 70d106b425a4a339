"""Content of requests: when it is asked for, when it breaks, and when nobody wants it."""

from __future__ import annotations

import pytest
from multidict import CIMultiDict

from aiohttp_server.tests.conftest import Serve
from aiohttp_server.tests.served import Served

EXPECT = "Expect: 100-continue"
HELLO = b'{"length":5,"sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}'


@pytest.mark.parametrize(
    ("target", "expect", "status"),
    [
        ("/nowhere", EXPECT, 404),
        ("/a%0Ab", EXPECT, 404),
        ("/health", EXPECT, 405),
        ("/probe/upload", "Expect: a miracle", 417),
        ("/probe/ignore", EXPECT, 200),
    ],
)
async def test_no_100_comes_before_an_answer_that_needs_no_content(
    served: Served, target: str, expect: str, status: int
) -> None:
    answer = await served.get(target, expect, "Content-Length: 5", method="POST")
    assert (answer.status, answer.interim) == (status, 0)


async def test_100_comes_once_when_the_content_is_read(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("POST /probe/upload HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n")
        assert await wire.head() == ("HTTP/1.1 100 Continue", CIMultiDict())
        await wire.send("hello")
        answer = await wire.answer()
    assert (answer.content, answer.interim) == (HELLO, 0)


async def test_no_100_comes_when_the_content_is_there_already(served: Served) -> None:
    answer = await served.get("/probe/upload", EXPECT, "Content-Length: 5", method="POST", content=b"hello")
    assert (answer.content, answer.interim) == (HELLO, 0)


async def test_encoded_content_is_decoded_once_by_the_shared_reader(served: Served) -> None:
    answer = await served.get("/probe/upload", "Content-Encoding: br", "Content-Length: 1", method="POST", content=b"x")
    assert (answer.status, answer.headers["Accept-Encoding"]) == (415, "gzip, deflate")


async def test_an_unfinished_upload_can_read_why_it_was_refused(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n" + "x" * 300_000)
        for _ in range(20):
            await wire.send("x" * 100_000)
        answer = await wire.answer()
        assert (answer.status, answer.headers["Connection"]) == (405, "close")
        assert await wire.rest() == b""


async def test_content_declared_too_long_is_refused_before_it_comes(serve: Serve) -> None:
    async with serve(max_body=1000) as served:
        answer = await served.talk("POST /probe/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        assert (answer.problem["status"], answer.headers["Connection"]) == (413, "close")


async def test_a_little_content_nobody_read_does_not_end_the_connection(served: Served) -> None:
    async with served.connect() as wire:
        answer = await wire.get("/probe/ignore", "Content-Length: 5", method="POST")
        assert "Connection" not in answer.headers
        await wire.send("hello")
        assert (await wire.get("/health")).status == 200


@pytest.mark.parametrize("pause", [False, True])
async def test_a_malformed_chunk_is_told_to_the_endpoint_that_reads(served: Served, pause: bool) -> None:
    async with served.connect() as wire:
        head = "POST /probe/upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
        await wire.send(head if pause else head + "5\r\nhello\r\nZ\r\n")
        if pause:
            await wire.head()
            await wire.send("5\r\nhello\r\nZ\r\n")
        answer = await wire.answer()
        assert (answer.status, answer.problem["detail"]) == (400, "A chunk is malformed.")
        assert await wire.rest() == b""
    assert len(served.records()) == 1


async def test_content_that_ends_too_early_is_a_400(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("POST /probe/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
        wire.writer.write_eof()
        assert (await wire.answer()).problem["detail"] == "The content ended before its end."
        assert await wire.rest() == b""


async def test_content_that_stops_arriving_is_a_408(serve: Serve) -> None:
    async with serve(body_timeout=0.1) as served:
        answer = await served.talk("POST /probe/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
        assert answer.problem["status"] == 408


async def test_a_client_that_has_sent_all_gets_every_answer(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n" * 3)
        wire.writer.write_eof()
        assert [(await wire.answer()).status for _ in range(3)] == [200, 200, 200]
        assert await wire.rest() == b""
