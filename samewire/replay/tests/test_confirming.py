"""Of traffic, too, only what comes again is a difference, and what is wrong on both sides is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from samewire.config import Config
from samewire.replay.tests.handled import Asked, Handler, gets, handled, replayed, text
from samewire.result import DiffResult, Verdict
from samewire.tests.scripted import Serve
from samewire.traffic import Record

ACCEPTED = {"accepted": [{"place": "body", "reason": "it says who answers", "owner": "web", "until": date(2999, 1, 1)}]}


def right(asked: Asked) -> bytes:
    return text(asked.target)


def slipping(when: Callable[[int], bool], wrong: Callable[[int], bytes]) -> Handler:
    """Wrong about item 7 each time that `when` says so of how often it was asked for, from 1."""
    times: Counter[str] = Counter()

    def answer(asked: Asked) -> bytes:
        times[asked.target] += 1
        turn = times[asked.target]
        return wrong(turn) if asked.target == "/items/7" and when(turn) else right(asked)

    return answer


def places(found: DiffResult) -> list[str]:
    return [one.place for pair in found.pairs for one in pair.differences]


async def test_a_slip_that_does_not_come_again_is_told_and_does_not_fail_the_run(serve: Serve) -> None:
    slips = slipping(lambda turn: turn == 1, lambda _: text("oops"))
    found = await replayed(await serve(handled(right)), await serve(handled(slips)), gets(20))
    assert (places(found), found.verdict, found.exit_status, found.comparisons) == ([], Verdict.SAME, 0, 20)
    (flaky,) = found.flaky
    assert (flaky.case, flaky.place, flaky.kind) == ("GET /items/{}", "body", "flaky on new")
    assert flaky.example == ("/items/7", "oops")


async def test_a_slip_that_comes_again_fails_it(serve: Serve) -> None:
    slips = slipping(lambda turn: turn % 3 == 1, lambda _: text("oops"))
    found = await replayed(await serve(handled(right)), await serve(handled(slips)), gets(20))
    assert (places(found), found.exit_status, found.flaky) == (["body"], 1, ())


async def test_a_server_that_is_wrong_in_another_way_each_time_is_not_flaky_but_wrong(serve: Serve) -> None:
    ways = [text("oops"), text("/items/7", "X-Way: 2"), text("/items/7", status="500 Oh")]
    slips = slipping(lambda turn: turn <= len(ways), lambda turn: ways[turn - 1])
    found = await replayed(await serve(handled(right)), await serve(handled(slips)), gets(20))
    assert (places(found), found.exit_status) == (["body"], 1)


async def test_a_server_that_goes_silent_when_asked_again_is_different(serve: Serve) -> None:
    slips = slipping(lambda _: True, lambda turn: text("oops") if turn == 1 else b"")
    found = await replayed(await serve(handled(right)), await serve(handled(slips)), gets(20))
    assert (places(found), found.exit_status) == (["body"], 1)


def named(name: str, told: str | None = None) -> Handler:
    """A page that says who answers; to HEAD, how long it is, or that it is `told`."""

    def answer(asked: Asked) -> bytes:
        if asked.target != "/page":
            return right(asked)
        if asked.method != "HEAD":
            return text(name)
        head = text(name)[: -len(name)]
        return head.replace(b"%d\r\n\r\n" % len(name), f"{told or len(name)}\r\n\r\n".encode())

    return answer


@pytest.mark.parametrize(
    ("config", "told", "found_at"),
    [(ACCEPTED, None, []), ({}, None, ["header.content-length"]), (ACCEPTED, "99", ["header.content-length"])],
)
async def test_the_length_that_head_tells_may_differ_as_the_contents_do(
    config: dict[str, object], told: str | None, found_at: list[str], serve: Serve
) -> None:
    heads = [Record("traffic:1", "HEAD", "/page")]
    sides = await serve(handled(named("old"))), await serve(handled(named("newest server", told)))
    found = await replayed(*sides, heads, Config.model_validate(config))
    assert (places(found), found.exit_status) == (found_at, 1 if found_at else 0)


@pytest.mark.parametrize("line", ["X-Bad : 1", "Date: yesterday"])
async def test_what_breaks_the_protocol_alike_on_both_fails(line: str, serve: Serve) -> None:
    def bad(asked: Asked) -> bytes:
        return text("x", line)

    found = await replayed(await serve(handled(bad)), await serve(handled(bad)), gets(20))
    assert (places(found), found.verdict, found.exit_status) == ([], Verdict.SAME, 1)
    assert found.failed_alike
    assert found.comparisons == 20
