from __future__ import annotations

import asyncio

import pytest

from legacy.tests.client import LIMIT, connected, request, until
from legacy.tests.conftest import Serve, Served
from shared_handlers.message import Request, Response


async def test_connection_close_is_repeated_and_done(served: Served) -> None:
    async with served.connect() as wire:
        answer = await wire.get("/health", "Connection: close")
        assert (answer.headers["Connection"], await wire.rest()) == ("close", b"")


async def test_http_1_0_is_closed_after_the_answer(served: Served) -> None:
    answer = await served.talk("GET /health HTTP/1.0\r\n\r\n")
    assert (answer.version, answer.status, answer.headers.get("Connection")) == ("HTTP/1.0", 200, None)


async def test_http_1_0_may_ask_to_be_kept(served: Served) -> None:
    async with served.connect() as wire:
        for _ in range(2):
            await wire.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert (await wire.answer()).headers["Connection"] == "keep-alive"


async def test_a_stream_to_http_1_0_ends_with_the_connection(served: Served) -> None:
    answer = await served.talk("GET /probe/stream/2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert answer.content == b"piece 0\npiece 1\n"
    assert answer.headers.keys().isdisjoint({"Transfer-Encoding", "Content-Length", "Connection"})


@pytest.mark.parametrize(
    "target", ["/health", "/probe/stream/3", "/static/large.bin", "/nowhere", "/probe/raise/error"]
)
async def test_head_gives_the_fields_of_get_and_no_content(served: Served, target: str) -> None:
    (served.static / "large.bin").write_bytes(bytes(300_000))
    masked = {"Date", "X-Request-ID"}
    async with served.connect() as wire:
        head, get = await wire.get(target, method="HEAD"), await wire.get(target)
        assert {n: v for n, v in head.headers.items() if n not in masked} == {
            n: v for n, v in get.headers.items() if n not in masked
        } or target == "/health"
        assert (head.status, head.content) == (get.status, b"")


@pytest.mark.parametrize(("code", "length"), [(204, None), (304, None), (205, "0"), (200, "14")])
async def test_a_length_is_said_unless_there_can_be_no_content(served: Served, code: int, length: str | None) -> None:
    async with served.connect() as wire:
        answer = await wire.get(f"/probe/status/{code}")
        assert (answer.status, answer.headers.get("Content-Length")) == (code, length)
        assert (await wire.get("/health")).status == 200


async def test_chunked_content_reaches_the_endpoint(served: Served) -> None:
    async with served.connect() as wire:
        chunks = b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"
        answer = await wire.get("/probe/mirror", "Transfer-Encoding: chunked", method="POST", content=chunks)
        assert answer.content == b"hello!"
        assert (await wire.get("/health")).status == 200


async def test_content_is_read_while_it_is_answered(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/duplex", "Transfer-Encoding: chunked", method="POST"))
        await wire.head()
        for piece in (b"one", b"two"):
            await wire.send(b"3\r\n" + piece + b"\r\n")
            assert await wire.chunk() == piece
        await wire.send(b"0\r\n\r\n")
        assert await wire.chunk() == b""


async def test_100_is_sent_once_when_the_content_is_read(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/upload", "Expect: 100-continue", "Content-Length: 6", method="POST"))
        assert (await wire.head())[0] == "HTTP/1.1 100 Continue"
        await wire.send("abc")
        await wire.send("def")
        answer = await wire.answer()
        assert (answer.interim, answer.json["length"]) == (0, 6)


async def test_100_is_sent_once_even_if_it_brings_no_content_at_first(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/upload", "Expect: 100-continue", "Transfer-Encoding: chunked", method="POST"))
        assert (await wire.head())[0] == "HTTP/1.1 100 Continue"
        for piece in ("3", "\r\n", "abc", "\r\n0\r\n", "\r\n"):
            await wire.send(piece)
            await served.get("/health")
        answer = await wire.answer()
        assert (answer.interim, answer.json["length"]) == (0, 3)


async def test_100_is_left_out_when_the_content_has_begun_to_arrive(served: Served) -> None:
    fields = ("Expect: 100-continue", "Content-Length: 3")
    answer = await served.get("/probe/upload", *fields, method="POST", content=b"abc")
    assert (answer.interim, answer.json["length"]) == (0, 3)


@pytest.mark.parametrize(
    ("target", "fields", "status"),
    [
        ("/nowhere", ("Expect: 100-continue", "Content-Length: 3"), 404),
        ("/health", ("Expect: 100-continue", "Content-Length: 3"), 405),
        ("/probe/upload", ("Expect: 100-continue", "Content-Length: 99999999"), 413),
        ("/probe/ignore", ("Expect: 100-continue", "Content-Length: 3"), 200),
    ],
)
async def test_without_100_the_final_answer_ends_the_connection(
    served: Served, target: str, fields: tuple[str, ...], status: int
) -> None:
    answer = await served.talk(request(target, *fields, method="POST"))
    assert (answer.interim, answer.status, answer.headers["Connection"]) == (0, status, "close")


async def test_a_client_in_the_middle_of_a_refused_upload_can_read_why(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/upload", f"Content-Length: {8 << 20}", method="POST") + bytes(2 << 20))
        answer = await wire.answer()
        assert (answer.status, answer.headers["Connection"], await wire.rest()) == (413, "close", b"")
        for _ in range(10):
            # What is still sent is taken and thrown away; a reset would show here.
            await wire.send(bytes(65_536))
            await served.get("/health")


async def test_malformed_bytes_get_a_problem_and_a_record(served: Served) -> None:
    answer = await served.talk("BREW /secret HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (answer.status, answer.headers["Connection"], "Date" in answer.headers) == (400, "close", True)
    assert answer.json["instance"] == answer.headers["X-Request-ID"]
    assert b"secret" not in answer.content
    (record,) = await served.records(1)
    assert (record["status"], record["id"], record["bytes"]) == (400, answer.json["instance"], len(answer.content))


async def test_a_client_that_has_said_all_it_wants_gets_its_answer(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/slow/a"))
        wire.finish()
        await served.get("/probe/held/a")
        await served.get("/probe/release/a", method="POST")
        assert (await wire.answer()).json == {"held": "a"}
        assert await wire.rest() == b""


async def test_a_client_that_left_during_its_upload_is_no_fault_of_the_server(served: Served) -> None:
    """Nobody read its content, so that it left is noticed by the answer only."""
    async with served.connect() as left, served.connect() as other:
        left.writer.write(request("/probe/slow/a", "Content-Length: 1000000", method="POST") + bytes(200_000))
        assert (await other.get("/probe/held/a")).status == 200
        left.writer.close()
        await left.writer.wait_closed()
        assert (await other.get("/probe/release/a", method="POST")).status == 200
        await until(lambda: served.site.host.connections == 1)
    assert served.lines("error") == []


async def test_content_that_ends_too_early_is_400(served: Served) -> None:
    async with served.connect() as wire:
        await wire.send(request("/probe/upload", "Content-Length: 9", method="POST") + b"abc")
        wire.finish()
        assert (await wire.answer()).status == 400


async def test_an_absolute_target_is_routed_by_its_path_and_names_the_host(served: Served) -> None:
    async with served.connect() as wire:
        answer = await wire.get("http://other.example/probe/echo")
        assert ["host", "other.example"] in answer.json["headers"]


@pytest.mark.parametrize("kind", ["error", "none", "text"])
async def test_an_endpoint_that_fails_is_500_and_logged(served: Served, kind: str) -> None:
    async with served.connect() as wire:
        assert (await wire.get(f"/probe/raise/{kind}")).status == 500
        assert (await wire.get("/health")).status == 200
    assert len(served.lines("error")) == 1


async def test_an_endpoint_that_takes_too_long_is_504_and_cancelled(serve: Serve) -> None:
    async with serve(timeout=0.05) as served, served.connect() as wire:
        assert (await wire.get("/probe/slow/a")).status == 504
        assert (await wire.get("/probe/left/a")).json == {"left": 1}


async def test_each_answer_has_one_record_with_what_was_sent(served: Served) -> None:
    async with served.connect() as wire:
        for target in ("/probe/bytes/1000", "/probe/stream/2", "/nowhere"):
            await wire.get(target, "User-Agent: test/1", "X-Request-ID: mine")
    records = await served.records(3)
    assert [(record["status"], record["bytes"]) for record in records[:2]] == [(200, 1000), (200, 16)]
    assert [record["target"] for record in records] == ["/probe/bytes/1000", "/probe/stream/2", "/nowhere"]
    assert {(record["id"], record["user_agent"], record["server"]) for record in records} == {
        ("mine", "test/1", "legacy")
    }


async def test_a_failure_of_the_policies_does_not_end_the_server(serve: Serve) -> None:
    async def own(request: Request) -> Response:
        return Response(200, [("X-Lone", "\ud800")])

    async with serve(own) as served:
        async with served.connect() as wire:
            await wire.send(request("/own"))
            assert await wire.rest() == b""
        assert (await served.get("/health")).status == 200


async def test_an_answer_larger_than_any_buffer_arrives_whole(served: Served) -> None:
    async with connected(served.port) as wire, asyncio.timeout(LIMIT):
        answer = await wire.get("/probe/bytes/16777216")
        assert answer.content == bytes(range(256)) * 65_536
