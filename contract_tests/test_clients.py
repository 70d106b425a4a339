"""What ordinary clients see: pools, cookies, redirects, uploads, many at once, WebSockets."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest
import websockets

from contract_tests.contract import Contract
from samewire.launch import Running

EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture
async def client(server: Running) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=server.url, limits=limits, timeout=20) as found:
        yield found


def _address(response: httpx.Response) -> object:
    return response.extensions["network_stream"].get_extra_info("client_addr")


async def test_a_pool_sends_all_its_requests_over_one_connection(client: httpx.AsyncClient) -> None:
    paths = ("/health", "/nowhere", "/probe/stream/5", "/static/numbers.txt", "/probe/raise/error", "/probe/status/204")
    answers = [await client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 404, 200, 200, 500, 204]
    assert len({_address(answer) for answer in answers}) == 1


async def test_events_of_an_answer_are_read_to_complete(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/ask", params={"query": "how do I sort a list"}, headers=EVENTS) as answer:
        lines = [line async for line in answer.aiter_lines()]
    types = [json.loads(line[6:])["message_type"] for line in lines if line]
    assert types[0] == "api_version"
    assert types[-1] == "complete"
    assert "result_batch" in types


async def test_leaving_in_the_middle_of_an_answer_stops_the_work(client: httpx.AsyncClient) -> None:
    key = uuid.uuid4().hex
    query = {"query": f"probe:hold:{key} teapot", "site": "http_status"}
    async with client.stream("GET", "/ask", params=query, headers=EVENTS) as answer:
        async for line in answer.aiter_lines():
            if '"result_batch"' in line:
                break
    assert (await client.get(f"/probe/left/{key}")).json() == {"left": 1}


async def test_cookies_come_back_where_they_belong(client: httpx.AsyncClient) -> None:
    await client.get("/probe/cookies")
    assert (await client.get("/probe/cookies")).json()["cookies"] == {"first": "again", "second": "two"}


async def test_a_compressed_upload_is_read_uncompressed(client: httpx.AsyncClient) -> None:
    content = b"line of text\n" * 5000
    answer = await client.post("/probe/upload", content=gzip.compress(content), headers={"Content-Encoding": "gzip"})
    assert answer.json()["length"] == len(content)


async def test_an_upload_may_be_made_while_it_is_sent(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(100):
            yield b"%03d" % number
            await asyncio.sleep(0)

    assert (await client.post("/probe/upload", content=pieces())).json()["length"] == 300


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
async def test_a_redirect_keeps_or_changes_the_method_as_its_status_says(
    client: httpx.AsyncClient, status: int, method: str
) -> None:
    answer = await client.post(f"/probe/redirect/{status}", content=b"hello", follow_redirects=True)
    assert (answer.status_code, answer.json()["method"]) == (200, method)
    assert answer.json()["body"]["length"] == (5 if method == "POST" else 0)


async def test_a_hundred_requests_at_once_have_each_their_own_answer(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(client.get(f"/probe/names/{n}", headers={"X-Request-ID": f"r-{n}"}) for n in range(100))
    )
    assert [answer.json()["params"]["name"] for answer in answers] == [str(n) for n in range(100)]
    assert [answer.headers["x-request-id"] for answer in answers] == [f"r-{n}" for n in range(100)]


async def test_fifty_streams_at_once_do_not_mix(client: httpx.AsyncClient) -> None:
    asked = [client.get("/ask", params={"query": "list", "query_id": f"q-{n}"}, headers=EVENTS) for n in range(50)]
    for number, answer in enumerate(await asyncio.gather(*asked)):
        found = set(re.findall(r'"query_id":"([^"]+)"', answer.text))
        assert found == {f"q-{number}"}


async def test_a_slow_request_does_not_hold_up_a_quick_one(client: httpx.AsyncClient) -> None:
    key = uuid.uuid4().hex
    slow = asyncio.create_task(client.get(f"/probe/slow/{key}"))
    await client.get(f"/probe/held/{key}")
    assert (await client.get("/health")).status_code == 200
    assert not slow.done()
    await client.post(f"/probe/release/{key}")
    assert (await slow).json() == {"held": key}


async def test_a_stream_is_made_no_faster_than_it_is_read(client: httpx.AsyncClient) -> None:
    key = uuid.uuid4().hex
    async with client.stream("GET", f"/probe/flood/{key}") as answer:
        await anext(answer.aiter_bytes())
        made = await _settled(client, f"/probe/made/{key}")
        assert made * 65_536 < 64 << 20
    assert (await client.get(f"/probe/left/{key}")).json() == {"left": 1}


async def _settled(client: httpx.AsyncClient, path: str) -> int:
    """The number at the path, once it is the same ten times in a row."""
    last, same = -1, 0
    async with asyncio.timeout(10):
        while same < 10:
            found: int = (await client.get(path)).json()["made"]
            last, same = found, same + 1 if found == last else 0
    return last


async def test_a_websocket_client_talks_and_closes_in_order(server: Running) -> None:
    url = server.url.replace("http", "ws", 1) + "/probe/ws/echo"
    async with websockets.connect(url, subprotocols=[websockets.Subprotocol("echo.v1")]) as socket:
        assert socket.subprotocol == "echo.v1"
        for message in ("Grüße", b"\x00\xff", "x" * 100_000):
            await socket.send(message)
            assert await socket.recv() == message
        await (await socket.ping())
    assert socket.close_code == 1000


async def test_a_websocket_client_hears_what_went_wrong(server: Running) -> None:
    url = server.url.replace("http", "ws", 1) + "/probe/ws/raise"
    async with websockets.connect(url) as socket:
        await socket.send("now")
        with pytest.raises(websockets.ConnectionClosedError):
            await socket.recv()
    assert socket.close_code == 1011


async def test_a_websocket_client_of_another_origin_is_refused(server: Running) -> None:
    url = server.url.replace("http", "ws", 1) + "/probe/ws/echo"
    with pytest.raises(websockets.InvalidStatus, match="403"):
        await websockets.connect(url, origin=websockets.Origin("https://stranger.example"))


def test_metrics_have_the_same_names_on_every_server(held: Contract) -> None:
    names = []
    for server in held.servers.values():
        httpx.get(server.url + "/health")
        page = httpx.get(server.url + "/metrics").text
        names.append(set(re.findall(r"^# TYPE (\S+)", page, re.MULTILINE)))
    assert names[0] >= {"nlweb_http_requests_total", "nlweb_http_request_duration_seconds"}
    assert all(found == names[0] for found in names)
