"""`/ask`: which messages come, in which order, and how an answer ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared_handlers.errors import HTTPError
from shared_handlers.logs import Log
from shared_handlers.message import Response
from shared_handlers.nlweb.question import read_question
from shared_handlers.nlweb.rehearsal import RehearsedFailure
from shared_handlers.nlweb.tests.conftest import Call
from shared_handlers.nlweb.tests.reading import document, event, events, stream
from shared_handlers.parameters import Parameters
from shared_handlers.services import Services, open_services
from shared_handlers.settings import settings_from

HEADERS = {"license": "CC0", "data_retention": "none", "ui_component": "list"}
RESULT = ["url", "name", "site", "siteUrl", "score", "description", "schema_object", "ranking_type"]
LIMIT = 10.0
"""Seconds in which what is waited for must happen."""


@pytest.fixture
def nlweb() -> dict[str, Any]:
    return {"headers": HEADERS, "heartbeat_seconds": 0.05}


async def types(response: Response) -> list[str]:
    return [message["message_type"] for message in await events(response)]


@pytest.mark.parametrize(
    ("query", "middle"),
    [
        ("query=json&site=python_docs&num=3", ["retrieval_count", "result_batch"]),
        ("query=http&num=11", ["asking_sites", "retrieval_count", *["result_batch"] * 3]),
        ("query=xyzzyx", ["asking_sites", "retrieval_count", "result_batch"]),
        ("query=404&site=http_status&generate_mode=summarize", ["retrieval_count", "result_batch", "summary"]),
        ("query=404&site=http_status&generate_mode=generate", ["retrieval_count", "result_batch", "nlws", "nlws"]),
        (
            "query=and+404&prev=http+status&site=http_status&num=1",
            ["decontextualized_query", "retrieval_count", "result_batch"],
        ),
    ],
)
async def test_messages_come_in_their_order(call: Call, query: str, middle: list[str]) -> None:
    assert await types(await call("/ask", query)) == ["api_version", *HEADERS, *middle, "complete"]


async def test_every_message_has_its_type_first_and_the_query_id(call: Call) -> None:
    for message in await events(await call("/ask", "query=json&query_id=mine&generate_mode=generate")):
        assert list(message)[:2] == ["message_type", "query_id"]
        assert message["query_id"] == "mine"


async def test_a_stream_is_uncached_unbuffered_and_in_utf_8(call: Call) -> None:
    response = await call("/ask", "query=json")
    assert response.headers == (
        ("Content-Type", "text/event-stream; charset=utf-8"),
        ("Cache-Control", "no-cache"),
        ("X-Accel-Buffering", "no"),
        ("Vary", "Accept"),
    )


async def test_a_result_has_exactly_the_members_of_the_contract(call: Call) -> None:
    answer = document(await call("/ask", "query=http&streaming=false&num=4"))
    assert list(answer) == ["query_id", "api_version", "query", "results"]
    assert len(answer["results"]) == 4
    for result in answer["results"]:
        assert list(result) == RESULT
        assert 0 <= result["score"] <= 100
        assert result["schema_object"]["@type"] == "TechArticle"


@pytest.mark.parametrize(("mode", "member"), [("summarize", "summary"), ("generate", "nlws")])
async def test_the_document_says_what_the_stream_says(call: Call, mode: str, member: str) -> None:
    query = f"query=what+does+404+mean&query_id=q&generate_mode={mode}"
    whole = document(await call("/ask", f"{query}&streaming=no"))
    streamed = await events(await call("/ask", query))
    batches = [message["results"] for message in streamed if message["message_type"] == "result_batch"]
    assert whole["results"] == [result for batch in batches for result in batch]
    assert list(whole) == ["query_id", "api_version", "query", "results", member]
    last = streamed[-2]
    assert whole[member] == (
        last["content"] if member == "summary" else {key: last[key] for key in ("answer", "items")}
    )


async def test_an_answer_comes_first_without_and_then_with_its_items(call: Call) -> None:
    first, second = (await events(await call("/ask", "query=404+not+found&generate_mode=generate")))[-3:-1]
    assert "Not Found" in first["answer"]
    assert (first["answer"], first["items"]) == (second["answer"], [])
    assert second["items"][0]["name"] == "404 Not Found"


@pytest.mark.parametrize("mode", ["list", "summarize", "generate"])
async def test_the_same_question_has_the_same_answer(call: Call, mode: str) -> None:
    query = f"query=how+to+compress+files&query_id=q&generate_mode={mode}&num=50"
    assert await events(await call("/ask", query)) == await events(await call("/ask", query))


@pytest.mark.parametrize(
    "given",
    [
        {"query": "query=and+404&num=2&site=http_status&prev=status&query_id=q&streaming=false"},
        {"method": "POST", "content": b"query=and+404&num=2&site=http_status&prev=status&query_id=q&streaming=0"},
        {
            "method": "POST",
            "kind": "application/json; charset=utf-8",
            "content": orjson.dumps(
                {"query": "and 404", "num": 2, "site": ["http_status"], "prev": ["status"], "query_id": "q", "streaming": False}
            ),
        },
        {"query": "query=and+404&num=2&site=http_status&prev=status&query_id=q", "accept": "application/json"},
    ],
)  # fmt: skip
async def test_query_form_and_json_ask_the_same(call: Call, given: dict[str, Any]) -> None:
    asked = await call("/ask", **given)
    reference = await call("/ask", "query=and+404&num=2&site=http_status&prev=status&query_id=q&streaming=NO")
    assert asked.body == reference.body


@pytest.mark.parametrize(
    ("streaming", "accept", "streamed"),
    [
        ("", "", True),
        ("", "text/html", True),
        ("", "application/json", False),
        ("", "application/json;q=0.1, text/event-stream", True),
        ("streaming=true", "application/json", True),
        ("streaming=FALSE", "text/event-stream", False),
        ("streaming=0", "", False),
        ("streaming=No", "", False),
        ("streaming=1", "application/json", True),
    ],
)
async def test_the_parameter_decides_on_streaming_before_accept_does(
    call: Call, streaming: str, accept: str, streamed: bool
) -> None:
    response = await call("/ask", f"query=json&{streaming}", accept=accept)
    assert dict(response.headers)["Content-Type"].startswith("text/event-stream" if streamed else "application/json")


async def test_a_failure_ends_the_stream_with_error_and_complete(call: Call) -> None:
    messages = await events(await call("/ask", "query=probe:fail+http&query_id=q"))
    assert [message["message_type"] for message in messages[-3:]] == ["result_batch", "error", "complete"]
    assert messages[-2] == {
        "message_type": "error",
        "query_id": "q",
        "problem": {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": "The question could not be answered.",
            "instance": "the-request",
        },
    }


async def test_a_failure_of_a_whole_answer_is_raised(call: Call) -> None:
    with pytest.raises(RehearsedFailure):
        await call("/ask", "query=probe:fail+http&streaming=false")


async def test_head_searches_nothing(call: Call, services: Services) -> None:
    services.index.close()
    for query in ("query=json", "query=json&streaming=false"):
        response = await call("/ask", query, method="HEAD")
        await stream(response).aclose()
        assert response.headers == (await call("/ask", query, method="HEAD")).headers


async def test_head_of_a_wrong_question_is_the_same_400(call: Call) -> None:
    with pytest.raises(HTTPError):
        await call("/ask", "query=", method="HEAD")


async def test_each_event_leaves_before_the_next_is_made(call: Call, services: Services) -> None:
    async with asyncio.timeout(LIMIT):
        pieces = stream(await call("/ask", "query=probe:hold:leaves+http"))
        async for piece in pieces:
            if event(piece)["message_type"] == "result_batch":
                break
        assert await anext(pieces) == b": keepalive\n\n"
        await services.probe.holds.of("leaves").release()
        rest = [piece async for piece in pieces]
    assert event(rest[-1])["message_type"] == "complete"


async def test_the_work_stops_when_the_stream_is_closed_while_it_waits(call: Call, services: Services) -> None:
    async with asyncio.timeout(LIMIT):
        pieces = stream(await call("/ask", "query=probe:hold:closed+http"))
        async for piece in pieces:
            if piece.startswith(b":"):
                break
        await pieces.aclose()
        assert await services.probe.left.of("closed").reach(1) == 1
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_the_work_stops_when_the_stream_is_closed_between_two_events(call: Call, services: Services) -> None:
    async with asyncio.timeout(LIMIT):
        pieces = stream(await call("/ask", "query=probe:hold:between+http"))
        async for piece in pieces:
            if event(piece)["message_type"] == "result_batch":
                break
        await pieces.aclose()
        assert await services.probe.left.of("between").reach(1) == 1


async def test_the_work_stops_when_the_reader_is_cancelled(call: Call, services: Services) -> None:
    async with asyncio.timeout(LIMIT):
        pieces = stream(await call("/ask", "query=probe:hold:cancelled+http"))
        beating = asyncio.Event()

        async def read() -> None:
            async for piece in pieces:
                if piece.startswith(b":"):
                    beating.set()

        reader = asyncio.create_task(read())
        await beating.wait()
        reader.cancel()
        await asyncio.wait({reader})
        assert reader.cancelled()
        assert await services.probe.left.of("cancelled").reach(1) == 1


async def test_outside_testing_the_words_of_a_rehearsal_are_only_words(folder: Path) -> None:
    parameters = Parameters({"query": ("probe:fail http",)})
    async with open_services(settings_from({"mode": "production"}, folder), Log("error")) as services:
        question = read_question(parameters, services.index.sites)
        messages = [message["message_type"] async for message in services.answerer.messages(question)]
    assert messages[-2:] == ["result_batch", "complete"]
