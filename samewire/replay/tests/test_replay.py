"""Traffic is sent to both servers, every difference is found, and what was compared is told."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from samewire.access import Access, Credential
from samewire.address import Address
from samewire.config import Config
from samewire.engine import Session
from samewire.exchange import Answered
from samewire.interrupt import Interrupted
from samewire.replay import Plan, replay
from samewire.replay.judge import Judge
from samewire.replay.tests.handled import Asked, as_json, gets, handled, replayed, running, text
from samewire.report.words import lacking, notes
from samewire.result import Covered, Verdict
from samewire.tests.scripted import Serve
from samewire.traffic import Account, Record, Skipped


def plain(asked: Asked) -> bytes:
    return as_json({"path": asked.target, "sent": asked.body.decode()})


async def test_two_servers_that_answer_alike_are_the_same(serve: Serve) -> None:
    found = await replayed(await serve(handled(plain)), await serve(handled(plain)), gets(50))
    assert (found.verdict, found.exit_status, found.comparisons) == (Verdict.SAME, 0, 50)
    assert (found.unchanged, found.pairs, found.omitted) == (50, (), 0)
    assert found.accounts == (Account("traffic", 50, 50),)
    assert found.coverage == (Covered("/items/{}", "GET", 200, "application/json", 50),)


async def test_a_difference_in_one_answer_is_found_among_many(serve: Serve) -> None:
    def wrong(asked: Asked) -> bytes:
        return plain(asked).replace(b"/items/33", b"/items/34")

    found = await replayed(await serve(handled(plain)), await serve(handled(wrong)), gets(50))
    (pair,) = found.pairs
    assert (pair.case, found.unchanged, found.exit_status) == ("traffic:33", 49, 1)
    assert [(one.place, one.old, one.new) for one in pair.differences] == [
        ("body.json:/path", '"/items/33"', '"/items/34"')
    ]
    assert "curl" in pair.reproducer
    assert "/items/33" in pair.reproducer


async def test_a_few_examples_of_each_cause_are_kept_and_the_others_counted(serve: Serve) -> None:
    def wrong(asked: Asked) -> bytes:
        return plain(asked).replace(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX-Other: 1\r\n")

    found = await replayed(await serve(handled(plain)), await serve(handled(wrong)), gets(40))
    assert (len(found.pairs), found.omitted, found.unchanged, found.comparisons) == (3, 37, 0, 40)
    assert found.verdict is Verdict.DIFFERENT


async def test_bodies_and_methods_are_sent_as_recorded(serve: Serve) -> None:
    seen: list[Asked] = []

    def note(asked: Asked) -> bytes:
        seen.append(asked)
        return plain(asked)

    record = Record("traffic:1", "PUT", "/a?b=c", (("X-A", "1"), ("Content-Type", "text/plain")), b"body")
    await replayed(await serve(handled(note)), await serve(handled(plain)), [record], allow_unsafe=True)
    (asked,) = (one for one in seen if one.method == "PUT")
    assert asked[:2] == ("PUT", "/a?b=c")
    assert list(asked.fields) == ["host", "x-a", "content-type", "content-length"]
    assert asked.body == b"body"


async def test_unsafe_methods_are_left_out_unless_allowed_or_both_targets_are_disposable(serve: Serve) -> None:
    addresses = await serve(handled(plain)), await serve(handled(plain))
    items = [*gets(2), Record("traffic:3", "POST", body=b"x")]
    kept = await replayed(*addresses, items)
    assert kept.accounts == (Account("traffic", 3, 2, (("unsafe method; --allow-unsafe sends it", 1),)),)
    sent = await replayed(*addresses, items, allow_unsafe=True)
    assert sent.accounts == (Account("traffic", 3, 3),)
    targets = running(addresses[0], disposable=True), running(addresses[1], "new", disposable=True)
    found = await replay(Session(Config()), Config(), *targets, Plan((("t", items),)), lambda *_: None)
    assert found.accounts == (Account("t", 3, 3),)


async def test_a_source_that_skipped_everything_is_no_evidence(serve: Serve) -> None:
    address = await serve(handled(plain))
    found = await replayed(address, address, [Skipped("traffic:1", "no request"), Record("traffic:2", "POST")])
    assert (found.verdict, found.exit_status, found.comparisons) == (Verdict.INCONCLUSIVE, 3, 0)


async def test_a_record_that_is_no_request_is_skipped_with_the_reason(serve: Serve) -> None:
    address = await serve(handled(plain))
    items = [Record("traffic:1", target="/a\r\nX: y"), Record("traffic:2", target="/\u20ac"), *gets(1)]
    found = await replayed(address, address, items)
    assert found.accounts == (
        Account("traffic", 3, 1, (("its target or one of its fields can't stand in a request", 2),)),
    )


async def test_what_varies_from_answer_to_answer_is_learnt_and_still_held_to_its_class(serve: Serve) -> None:
    def noisy(asked: Asked) -> bytes:
        return as_json({"id": str(uuid4()), "path": asked.target}, f"X-Trace: {uuid4().hex}")

    def shortened(asked: Asked) -> bytes:
        return as_json({"id": str(uuid4()), "path": asked.target}, f"X-Trace: {uuid4().hex[:16]}")

    old = await serve(handled(noisy))
    same = await replayed(old, await serve(handled(noisy)), gets(30))
    assert (same.verdict, same.unchanged) == (Verdict.SAME, 30)
    found = await replayed(old, await serve(handled(shortened)), gets(30))
    assert {one.place for pair in found.pairs for one in pair.differences} == {"header.x-trace"}


async def test_connections_that_one_server_closes_without_a_word_are_a_difference(serve: Serve) -> None:
    def script(times: int):  # type: ignore[no-untyped-def]
        async def serve_some(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for _ in range(times):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(text("ok"))

        return serve_some

    keeps, closes = await serve(script(10**9)), await serve(script(1))
    found = await replayed(keeps, closes, gets(20), concurrency=1)
    assert {one.place for pair in found.pairs for one in pair.differences} == {"connection"}
    assert found.comparisons == 20
    assert found.unchanged <= 1
    alike = await replayed(closes, closes, gets(20), concurrency=1)
    assert (alike.verdict, alike.comparisons) == (Verdict.SAME, 20)


async def test_a_safe_request_whose_idle_connection_was_closed_is_asked_again(serve: Serve) -> None:
    async def sometimes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(5):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(text("ok"))
        await reader.readuntil(b"\r\n\r\n")

    address = await serve(sometimes)
    found = await replayed(address, address, gets(40))
    assert (found.verdict, found.unchanged) == (Verdict.SAME, 40)


async def test_an_announced_close_is_observed_and_compared(serve: Serve) -> None:
    def closing(asked: Asked) -> bytes:
        return text("ok", "Connection: close")

    keeps = await serve(handled(lambda asked: text("ok")))
    found = await replayed(keeps, await serve(handled(closing)), gets(2))
    places = {(one.place, one.old, one.new) for pair in found.pairs for one in pair.differences}
    assert places == {("header.connection", "(absent)", "close"), ("connection", "reusable", "closed")}


async def test_raw_records_are_sent_to_the_letter(serve: Serve) -> None:
    async def lenient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\n\n")
        writer.write(text("ok", "Connection: close"))

    async def strict(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\n\n")
        writer.write(text("no", "Connection: close", status="400 Bad Request"))

    record = Record("raw:1", raw=b"GET / HTTP/1.1\nHost: a\n\n")
    found = await replayed(await serve(lenient), await serve(strict), [record])
    (pair,) = found.pairs
    assert "status" in [one.place for one in pair.differences]
    assert (pair.title, found.coverage[0].method) == ("raw bytes", "GET")


async def test_records_of_a_session_keep_their_order_on_both_sides(serve: Serve) -> None:
    seen: dict[str, list[str]] = {"old": [], "new": []}

    def noting(side: str):  # type: ignore[no-untyped-def]
        def note(asked: Asked) -> bytes:
            seen[side].append(asked.target)
            return plain(asked)

        return handled(note)

    items = [Record(f"t:{n}", target=f"/{n}", session="s") for n in range(20)]
    await replayed(await serve(noting("old")), await serve(noting("new")), items)
    for targets in seen.values():
        assert [target for target in targets if target != "/"] == [f"/{n}" for n in range(20)]


async def test_targets_that_are_not_there_are_no_evidence(serve: Serve) -> None:
    address = running(await serve(handled(plain))).address._replace(port=1)
    found = await replayed(address, address, gets(3))
    assert (found.verdict, found.exit_status) == (Verdict.INCONCLUSIVE, 3)
    why = ("3 of 3 records could not be compared: neither target could be reached",)
    assert found.accounts == (Account("traffic", 3, 0, (("neither target could be reached", 3),), why),)


async def test_targets_that_both_go_away_in_the_middle_leave_no_verdict_of_same(serve: Serve) -> None:
    last: list[bytes] = []

    async def leaving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        last.extend([head] if b"/items/20 " in head else [])
        if len(last) == 2:
            server.close()
        writer.write(text("ok", "Connection: close"))
        writer.close()

    server = await asyncio.start_server(leaving, "127.0.0.1", 0)
    address = running(await serve(leaving)).address._replace(port=server.sockets[0].getsockname()[1])
    found = await replayed(address, address, gets(500), concurrency=1)
    (account,) = found.accounts
    assert account.sent == 20
    assert (found.verdict, found.exit_status) == (Verdict.INCONCLUSIVE, 3)
    assert account.read < 100
    assert any("neither target could be reached" in text for text in lacking(found))
    assert any("given up after 50 records in a row" in text for text in lacking(found))


async def test_a_fault_of_our_own_costs_one_record_and_the_verdict(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Judge.alike

    def failing(self: Judge, record: Record, *rest: Any) -> bool:
        if record.id == "traffic:5":
            raise ZeroDivisionError("ours")
        return whole(self, record, *rest)

    monkeypatch.setattr(Judge, "alike", failing)
    address = await serve(handled(plain))
    found = await replayed(address, address, gets(9))
    (account,) = found.accounts
    assert (found.verdict, found.unchanged, account.read, account.sent) == (Verdict.INCONCLUSIVE, 8, 9, 8)
    assert "ZeroDivisionError" in lacking(found)[0]


async def test_a_target_that_goes_away_is_a_difference(serve: Serve) -> None:
    address = await serve(handled(plain))
    found = await replayed(address, address._replace(port=1), gets(5))
    assert found.verdict is Verdict.DIFFERENT
    assert {one.place for pair in found.pairs for one in pair.differences} == {"error"}


async def test_interrupted_it_gives_what_was_found_until_then(serve: Serve) -> None:
    held = asyncio.Event()

    async def holding(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if b"/items/4 " in head:
                held.set()
                await asyncio.Event().wait()
            writer.write(text("ok"))

    address = await serve(holding)
    task = asyncio.ensure_future(replayed(address, address, gets(9), concurrency=1, timeout=60.0))
    await asyncio.wait_for(held.wait(), 20)
    task.cancel()
    with pytest.raises(Interrupted) as caught:
        await task
    found = caught.value.result
    assert (found.verdict, found.unchanged, found.interrupted) == (Verdict.INCONCLUSIVE, 3, True)
    assert found.accounts == (Account("traffic", 4, 3, (("interrupted", 1),)),)


def torn(good: int) -> Iterator[Record]:
    yield from gets(good)
    raise LookupError(f"torn at line {good + 1}")


async def test_of_a_source_that_breaks_off_what_was_compared_is_kept_and_is_no_evidence_of_the_whole(
    serve: Serve,
) -> None:
    address = await serve(handled(plain))
    found = await replayed(address, address, torn(3))
    assert (found.verdict, found.exit_status, found.unchanged) == (Verdict.INCONCLUSIVE, 3, 3)
    assert lacking(found) == ("traffic: it could not be read to its end, and 3 records were: torn at line 4",)


async def test_a_difference_before_a_source_breaks_off_is_one_and_the_error_is_told_all_the_same(serve: Serve) -> None:
    found = await replayed(await serve(handled(plain)), await serve(handled(lambda asked: text("no"))), torn(3))
    assert (found.verdict, found.exit_status) == (Verdict.DIFFERENT, 1)
    assert any("torn at line 4" in line for line in notes(found, date(2026, 1, 1)))


async def test_a_source_of_which_nothing_can_be_read_ends_the_replay_with_its_own_words(serve: Serve) -> None:
    address = await serve(handled(plain))
    with pytest.raises(LookupError, match="torn at line 1"):
        await replayed(address, address, torn(0))


async def test_memory_does_not_grow_with_the_records(serve: Serve) -> None:
    address = await serve(handled(lambda asked: text(asked.target)))

    async def peak(count: int) -> int:
        tracemalloc.start()
        try:
            await replayed(address, address, (Record(f"t:{n}", target=f"/{n}") for n in range(count)), concurrency=2)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = await peak(300), await peak(3000)
    assert large < small + 2_000_000


async def test_credentials_are_sent_to_their_own_target_and_shown_nowhere(serve: Serve) -> None:
    def guarded(secret: str):  # type: ignore[no-untyped-def]
        return handled(
            lambda asked: as_json({"who": asked.fields["authorization"], "ok": asked.fields["authorization"] == secret})
        )

    def with_access(address: Address, secret: str) -> Address:
        return address._replace(access=Access(credentials=(Credential("Authorization", secret, "TOKEN"),)))

    old, new = await serve(guarded("Bearer aaaa1111")), await serve(guarded("Bearer bbbb2222"))
    found = await replayed(with_access(old, "Bearer aaaa1111"), with_access(new, "Bearer bbbb2222"), gets(3))
    assert (found.verdict, found.unchanged) == (Verdict.SAME, 3)
    wrong = await replayed(with_access(old, "Bearer aaaa1111"), with_access(new, "Bearer other333"), gets(1))
    assert "body.json:/ok" in [one.place for pair in wrong.pairs for one in pair.differences]
    sent = [one.sent for pair in wrong.pairs for one in pair.old.transcript.observations if isinstance(one, Answered)]
    assert b"Authorization: $TOKEN" in sent[0]


async def test_what_varies_in_every_answer_is_known_of_what_may_be_sent_only_once(serve: Serve) -> None:
    def noisy(asked: Asked) -> bytes:
        return as_json(
            {"made": uuid4().hex}, f"X-Trace: {uuid4().hex}", f"Location: /made/{uuid4()}", status="201 Created"
        )

    def shorter(asked: Asked) -> bytes:
        return as_json(
            {"made": uuid4().hex[:30]}, f"X-Trace: {uuid4().hex}", f"Location: /made/{uuid4()}", status="201 Created"
        )

    items = [Record(f"traffic:{number}", "POST", "/made", body=b"") for number in range(1, 6)]
    old = await serve(handled(noisy))
    assert (await replayed(old, await serve(handled(noisy)), items, allow_unsafe=True)).verdict is Verdict.SAME
    found = await replayed(old, await serve(handled(shorter)), items, allow_unsafe=True)
    assert {one.place for pair in found.pairs for one in pair.differences} == {"body.json:/made"}
