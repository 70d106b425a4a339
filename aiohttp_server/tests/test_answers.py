"""What every answer carries, and what aiohttp must not add to it."""

from __future__ import annotations

import pytest

from aiohttp_server.tests.conftest import Serve
from aiohttp_server.tests.served import Served, until
from shared_handlers.message import Request, Response
from shared_handlers.routes import Route

ORIGIN = "Origin: https://app.example"


@pytest.mark.parametrize(
    "target", ["/health", "/probe/stream/2", "/nowhere", "/probe/raise/error", "/probe/status/204"]
)
async def test_cors_and_request_id_are_on_answers_streams_and_errors(served: Served, target: str) -> None:
    answer = await served.get(target, ORIGIN, "X-Request-ID: mine")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert answer.headers["X-Request-ID"] == "mine"
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["Server"] == "nlweb"


async def test_an_endpoint_that_gives_something_else_than_an_answer_is_a_500(served: Served) -> None:
    answer = await served.get("/probe/raise/none")
    assert answer.problem["status"] == 500


async def test_a_wrong_method_is_answered_with_the_tables_own_allow(served: Served) -> None:
    answer = await served.get("/health", method="DELETE")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_a_path_with_a_line_feed_is_a_404_like_any_other(served: Served) -> None:
    answer = await served.get("/a%0Ab")
    assert answer.problem["detail"] == "There is nothing at this path."


async def test_a_variable_may_have_braces_and_an_encoded_slash(served: Served) -> None:
    answer = await served.get("/probe/names/%7Ba%2fb%257D")
    assert answer.content == b'{"params":{"name":"{a/b%7D"}}'


async def test_an_absolute_target_routes_by_its_path_and_replaces_the_host(served: Served) -> None:
    answer = await served.get("http://other:80/probe/echo?a=1")
    assert b'["host","other:80"]' in answer.content


async def test_an_absolute_target_without_a_path_is_the_root(served: Served) -> None:
    answer = await served.get("http://localhost", method="OPTIONS")
    assert (answer.status, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("target", ["/health", "/probe/bytes/0", "/nowhere"])
async def test_head_has_the_length_that_get_has(served: Served, target: str) -> None:
    async with served.connect() as wire:
        # The first may differ by a digit: /health says for how long it has been up.
        head = await wire.get(target, method="HEAD")
        get = await wire.get(target)
    assert abs(int(head.headers["Content-Length"]) - len(get.content)) <= 1


async def test_head_of_a_stream_sends_no_content_and_closes_the_stream(served: Served) -> None:
    async with served.connect() as wire:
        head = await wire.get("/probe/stream/3", method="HEAD")
        assert head.headers["Transfer-Encoding"] == "chunked"
        assert (await wire.get("/health")).status == 200


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_without_content_has_no_length_and_no_type(served: Served, status: int) -> None:
    async with served.connect() as wire:
        answer = await wire.get(f"/probe/status/{status}")
        assert {"Content-Length", "Content-Type", "Transfer-Encoding"}.isdisjoint(answer.headers)
        assert (await wire.get("/health")).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_aiohttp_makes_up_no_content_type(serve: Serve, method: str) -> None:
    async def untyped(request: Request) -> Response:
        return Response(200, (), b"x")

    async with serve(Route("GET", "/untyped", untyped)) as served:
        answer = await served.get("/untyped", method=method)
    assert (answer.status, answer.headers["Content-Length"], answer.headers.get("Content-Type")) == (200, "1", None)


async def test_a_stream_to_http_1_0_ends_with_the_connection(served: Served) -> None:
    answer = await served.talk("GET /probe/stream/2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert "Transfer-Encoding" not in answer.headers
    assert answer.content == b"piece 0\npiece 1\n"


async def test_a_large_file_arrives_whole_and_the_connection_goes_on(served: Served) -> None:
    content = bytes(range(256)) * 12_000
    (served.static / "large.bin").write_bytes(content)
    async with served.connect() as wire:
        answer = await wire.get("/static/large.bin")
        assert answer.content == content
        part = await wire.get("/static/large.bin", "Range: bytes=100000-2999999")
        assert part.content == content[100_000:3_000_000]
    assert [record["bytes"] for record in served.records()] == [len(content), 2_900_000]


async def test_426_names_the_upgrade_in_connection(served: Served) -> None:
    answer = await served.get("/probe/ws/echo")
    assert (answer.status, answer.headers["Upgrade"]) == (426, "websocket")
    assert answer.headers["Connection"] == "upgrade"


async def test_an_endpoint_that_waits_too_long_is_a_504(serve: Serve) -> None:
    async with serve(timeout=0.05) as served:
        assert (await served.get("/probe/slow/late")).problem["status"] == 504


async def test_each_answer_has_one_record(served: Served) -> None:
    await served.get("/health", "User-Agent: me", "X-Request-ID: one")
    await served.get("/nowhere")
    await served.get("/probe/stream/2")
    await until(lambda: len(served.records()) == 3)
    assert [(record["status"], record["target"], record["bytes"]) for record in served.records()][1:] == [
        (404, "/nowhere", served.records()[1]["bytes"]),
        (200, "/probe/stream/2", len(b"piece 0\npiece 1\n")),
    ]
    first = served.records()[0]
    assert (first["id"], first["user_agent"], first["server"], first["version"]) == ("one", "me", "aiohttp", "HTTP/1.1")
