"""`/sites`, `/who`, `/metrics` and the page."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest

from shared_handlers.errors import HTTPError
from shared_handlers.message import Response
from shared_handlers.nlweb.tests.conftest import Call
from shared_handlers.nlweb.tests.reading import document, events

SITES = b'{"message-type":"sites","sites":["http_status","python_docs"]}'


def text(response: Response) -> str:
    assert isinstance(response.body, bytes)
    return response.body.decode()


@pytest.mark.parametrize(("query", "accept"), [("", ""), ("", "*/*"), ("streaming=false", "text/event-stream")])
async def test_the_sites_are_json_by_default(call: Call, query: str, accept: str) -> None:
    assert (await call("/sites", query, accept=accept)).body == SITES


@pytest.mark.parametrize(("query", "accept"), [("streaming=true", ""), ("", "text/event-stream")])
async def test_the_sites_are_one_event_when_asked_for(call: Call, query: str, accept: str) -> None:
    response = await call("/sites", query, accept=accept)
    assert not isinstance(response.body, bytes)
    assert [piece async for piece in response.body] == [b"data: " + SITES + b"\n\n"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "sites"),
    [
        ("teapot", ["http_status"]),
        ("asyncio coroutines", ["python_docs"]),
        ("404 not found", ["http_status", "python_docs"]),
        ("xyzzyx", []),
    ],
)
async def test_who_names_the_sites_that_have_a_match_best_first(call: Call, query: str, sites: list[str]) -> None:
    answer = document(await call("/who", f"query={query}&query_id=q"))
    assert list(answer) == ["message_type", "query_id", "results"]
    assert [result["site"] for result in answer["results"]] == sites
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert all(list(result) == ["site", "name", "score", "description"] for result in answer["results"])


async def test_who_streams_a_result_and_complete_when_asked_for(call: Call) -> None:
    messages = await events(await call("/who", "query=json&query_id=q&streaming=1"))
    assert [message["message_type"] for message in messages] == ["result", "complete"]
    assert {message["query_id"] for message in messages} == {"q"}


async def test_who_takes_its_question_from_a_body_too(call: Call) -> None:
    posted = await call("/who", method="POST", content=b'{"query":"json","query_id":"q"}', kind="application/json")
    assert posted.body == (await call("/who", "query=json&query_id=q")).body


async def test_who_without_a_question_is_a_400(call: Call) -> None:
    with pytest.raises(HTTPError, match="'query'"):
        await call("/who")


async def test_the_metrics_are_prometheus_text(call: Call) -> None:
    response = await call("/metrics")
    assert ("Content-Type", "text/plain; version=0.0.4; charset=utf-8") in response.headers
    assert "# TYPE nlweb_http_requests_total counter" in text(response)


async def test_the_page_has_the_form_the_sites_and_the_server(call: Call) -> None:
    page = text(await call("/"))
    assert '<form id="ask" action="/ask"' in page
    assert 'new EventSource("/ask?"' in page
    assert page.count("http_status</") == 2
    assert 'Answered by the server <strong id="server">legacy</strong>' in page


async def test_the_page_loads_nothing_from_elsewhere(call: Call) -> None:
    page = text(await call("/"))
    assert re.findall(r"(?:src|@import|url\()\s*=?\s*[\"']?(?:https?:)?//", page) == []


async def test_only_the_script_and_style_of_the_page_may_run(call: Call) -> None:
    response = await call("/")
    policy = dict(response.headers)["Content-Security-Policy"]
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", text(response), re.DOTALL)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


class TestHostileConfiguration:
    """What an operator's configuration brings into the page is text, not markup."""

    @pytest.fixture
    def nlweb(self, tmp_path: Any) -> dict[str, Any]:
        file = tmp_path / "items.jsonl"
        file.write_text('{"url": "http://x/", "name": "x"}')
        return {"sources": [{"site": "x", "path": str(file), "description": "<script>alert(1)</script>"}]}

    async def test_markup_in_a_description_is_escaped(self, call: Call) -> None:
        page = text(await call("/"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
