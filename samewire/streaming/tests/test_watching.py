"""Real servers with real delays: what is clear is told, and nothing is made of what is not."""

from __future__ import annotations

from datetime import date

import pytest

from samewire.cases import Request, case, expect, get
from samewire.config import Config
from samewire.engine import Session, diff
from samewire.launch import Running
from samewire.relating import diff_related
from samewire.relations import RelationSettings
from samewire.result import Difference, DiffResult, Streamed
from samewire.streaming.tests.streams import stream
from samewire.streaming.watching import Watch
from samewire.tests.scripted import Script, Serve, answering, sized
from samewire.tests.test_relating import quiet

REPEATS = 12


async def running(serve: Serve, script: Script, name: str) -> Running:
    address = await serve(script)
    return Running(name, f"http://{address.authority}", address, "/", None, False)


async def watched(serve: Serve, old: Script, new: Script) -> tuple[tuple[Difference, ...], Streamed]:
    servers = await running(serve, old, "old"), await running(serve, new, "new")
    watch = Watch(Session(Config(), date(2026, 1, 2)), *servers, REPEATS, 1)
    pair, streamed = await watch.all_repeats("STR-1", Request(target="/events"), 5.0)
    return pair.differences, streamed


async def test_a_stream_that_comes_all_at_once_from_the_new_server_is_a_breaking_difference(serve: Serve) -> None:
    (difference,), streamed = await watched(serve, stream("incremental"), stream("buffered"))
    assert (difference.place, difference.grade) == ("arrival", "breaking")
    assert (streamed.old, streamed.new) == ("incremental", "buffered")
    assert min(streamed.old_confidence, streamed.new_confidence) >= 0.99


@pytest.mark.parametrize("kind", ["incremental", "buffered"])
async def test_two_servers_of_one_kind_do_not_differ(serve: Serve, kind: str) -> None:
    script = stream("incremental" if kind == "incremental" else "buffered")
    differences, streamed = await watched(serve, script, script)
    assert differences == ()
    assert (streamed.old, streamed.new) == (kind, kind)


async def test_what_the_old_server_holds_back_the_new_one_may_send(serve: Serve) -> None:
    differences, _ = await watched(serve, stream("buffered"), stream("incremental"))
    assert differences == ()


async def test_an_answer_that_fails_shows_neither(serve: Serve) -> None:
    failing = answering(b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno")
    differences, streamed = await watched(serve, stream("incremental"), failing)
    assert (differences, streamed.new) == ((), "undecided")


async def compared(serve: Serve, old: Script, new: Script, *which: str) -> DiffResult:
    servers = await running(serve, old, "old"), await running(serve, new, "new")
    session, cases = (
        Session(Config(), date(2026, 1, 2)),
        [case("SSE-01", "a stream", "why", get("/events"), expect(200))],
    )
    found = await diff(session, *servers, cases, quiet("", 0))
    settings = RelationSettings(which=which, streaming_repeats=REPEATS)
    return await diff_related(session, *servers, cases, found, settings, quiet)


async def test_a_comparison_of_cases_finds_it_by_itself(serve: Serve) -> None:
    found = await compared(serve, stream("incremental"), stream("buffered"), "arrival")
    (pair,) = (pair for pair in found.pairs if pair.differences)
    assert (pair.case, [one.place for one in pair.differences]) == ("SSE-01.arrival", ["arrival"])
    assert [(one.old, one.new) for one in found.streams] == [("incremental", "buffered")]


async def test_it_takes_few_repeats_where_nothing_is_lost(serve: Serve) -> None:
    found = await compared(serve, stream("incremental"), stream("incremental"), "arrival")
    assert (found.exit_status, found.streams, len(found.pairs)) == (0, (), 1)


async def test_content_at_hand_is_no_stream_to_be_watched(serve: Serve) -> None:
    script = answering(*[sized(b"hello", b"Date: Fri, 02 Jan 2026 03:04:05 GMT")] * 2)
    found = await compared(serve, script, script, "arrival")
    assert (found.streams, len(found.pairs)) == ((), 1)


async def test_a_server_that_answers_after_clients_left_is_right(serve: Serve) -> None:
    script = stream("incremental")
    found = await compared(serve, script, script, "leaves-*")
    assert [pair.case for pair in found.pairs] == ["SSE-01", "SSE-01.leaves-close", "SSE-01.leaves-reset"]
    assert [pair.differences + pair.old.failures + pair.new.failures for pair in found.pairs] == [()] * 3


async def test_a_server_that_is_spoiled_by_a_client_that_left_fails_and_differs(serve: Serve) -> None:
    spoiled = stream("incremental", after=sized(b"broken", b"Date: Fri, 02 Jan 2026 03:04:05 GMT"))
    found = await compared(serve, stream("incremental"), spoiled, "leaves-reset")
    (pair,) = (pair for pair in found.pairs if pair.case == "SSE-01.leaves-reset")
    assert "answer[3].body" in {failure.place for failure in pair.new.failures}
    assert pair.old.failures == ()
    assert pair.differences


async def test_a_client_that_stops_reading_gets_all_of_it_later(serve: Serve) -> None:
    script = stream("incremental")
    found = await compared(serve, script, script, "stops-reading")
    assert [pair.case for pair in found.pairs] == ["SSE-01", "SSE-01.stops-reading"]
    assert [pair.differences + pair.old.failures + pair.new.failures for pair in found.pairs] == [()] * 2
