"""Streams, gates and holds of the probe endpoints, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest

from shared_handlers.errors import HTTPError
from shared_handlers.message import Request, Response
from shared_handlers.probe_state import MAX_KEYS, Hold, ProbeState, Registry, Tally
from shared_handlers.services import Services
from shared_handlers.table import routes
from shared_handlers.testing import MemoryHost, make_request

JSON = ("Content-Type", "application/json")


def endpoint(services: Services, pattern: str, method: str = "GET") -> Any:
    return next(route.endpoint for route in routes(services) if (route.method, route.pattern) == (method, pattern))


async def test_streams_have_their_pieces(host: MemoryHost) -> None:
    assert (await host.call("/probe/stream/2")).content == b"piece 0\npiece 1\n"
    assert (await host.call("/probe/stream/0")).content == b""
    assert (await host.call("/probe/drip/12")).content == b"012345678901"


async def test_a_failing_stream_fails_after_its_pieces(services: Services) -> None:
    answer = await endpoint(services, r"/probe/stream-error/{n:\d+}")(make_request(params={"n": "2"}))
    assert [await anext(answer.body), await anext(answer.body)] == [b"piece 0\n", b"piece 1\n"]
    with pytest.raises(RuntimeError):
        await anext(answer.body)


async def test_events_resume_after_the_last_one_seen(host: MemoryHost) -> None:
    both = await host.call("/probe/events/2")
    assert both.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    first = b"event: tick\nid: 1\nretry: 1000\ndata: event 1\ndata: of 2\n\n"
    assert both.content == first + b"event: tick\nid: 2\ndata: event 2\ndata: of 2\n\n"
    later = await host.call("/probe/events/2", headers=[("Last-Event-ID", "1")])
    assert later.content == b"event: tick\nid: 2\nretry: 1000\ndata: event 2\ndata: of 2\n\n"
    assert (await host.call("/probe/events/2", headers=[("Last-Event-ID", "2")])).status == 204
    assert (await host.call("/probe/events/2", headers=[("Last-Event-ID", "x")])).content == both.content


async def stream(services: Services, request: Request, pattern: str) -> AsyncGenerator[bytes, None]:
    answer = await endpoint(services, pattern)(request)
    assert isinstance(answer, Response)
    return cast(AsyncGenerator[bytes, None], answer.body)


async def test_a_gate_makes_its_next_event_when_it_is_opened(services: Services, host: MemoryHost) -> None:
    events = await stream(services, make_request(params={"key": "a"}), "/probe/gate/{key}")
    assert await anext(events) == b"id: 0\ndata: gate 0\n\n"
    second = asyncio.ensure_future(cast(Any, anext(events)))
    done, _ = await asyncio.wait({second}, timeout=0)
    assert not done
    await host.call("/probe/gate/a", "POST")
    assert await second == b"id: 1\ndata: gate 1\n\n"
    await events.aclose()
    assert (await host.call("/probe/left/a")).json == {"left": 1}


async def test_a_stream_that_came_to_its_end_has_not_been_left(services: Services, host: MemoryHost) -> None:
    events = await stream(services, make_request("/?n=0", params={"key": "a"}), "/probe/gate/{key}")
    assert [event async for event in events] == [b"id: 0\ndata: gate 0\n\n"]
    assert services.probe.left.of("a").value == 0


async def test_a_flood_makes_a_piece_only_when_it_is_asked_for(services: Services, host: MemoryHost) -> None:
    pieces = await stream(services, make_request(params={"key": "a"}), "/probe/flood/{key}")
    await anext(pieces)
    await anext(pieces)
    assert (await host.call("/probe/made/a")).json == {"made": 2}
    await pieces.aclose()
    assert services.probe.left.of("a").value == 1


async def test_a_slow_request_is_held_until_it_is_released(host: MemoryHost) -> None:
    slow = asyncio.create_task(host.call("/probe/slow/a"))
    assert (await host.call("/probe/held/a")).json == {"held": 1}
    assert not slow.done()
    assert (await host.call("/probe/release/a", "POST")).json == {"released": 1}
    assert (await slow).json == {"held": "a"}


async def test_release_may_come_first_and_waits_for_someone(host: MemoryHost) -> None:
    release = asyncio.create_task(host.call("/probe/release/a", "POST"))
    assert (await host.call("/probe/slow/a")).json == {"held": "a"}
    assert (await release).json == {"released": 1}


async def test_a_held_request_whose_client_left_is_counted(services: Services) -> None:
    slow = asyncio.create_task(endpoint(services, "/probe/slow/{key}")(make_request(params={"key": "a"})))
    await services.probe.holds.of("a").occupied()
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert services.probe.left.of("a").value == 1


async def test_waiting_ends_with_503_at_its_limit() -> None:
    for waiting in (Tally().reach(1, 0.01), Hold().wait(0.01), Hold().release(0.01)):
        with pytest.raises(HTTPError) as raised:
            await waiting
        assert raised.value.status == 503


def test_registries_forget_the_key_unused_for_longest() -> None:
    tallies = Registry(Tally)
    for number in range(MAX_KEYS):
        tallies.of(str(number)).value = number
    tallies.of("0").value = 7
    tallies.of("one more")
    assert len(tallies) == MAX_KEYS
    assert tallies.of("0").value == 7
    assert tallies.of("1").value == 0
    assert len(ProbeState().gates) == 0


async def test_a_bad_count_is_400(host: MemoryHost) -> None:
    assert (await host.call("/probe/left/a?count=x")).status == 400
    assert (await host.call("/probe/left/a?count=99999")).status == 400
