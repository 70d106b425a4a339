"""Ids that one side returns are sent back to that side, and are no difference as long as one goes with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samewire.compare.tests.exchanges import answer
from samewire.replay.ids.fill import filled
from samewire.replay.ids.places import places
from samewire.replay.ids.table import MOST, Own, Table
from samewire.replay.ids.tokens import aligned, form, is_named
from samewire.replay.tests.handled import Asked, Handler, as_json, handled, replayed, text
from samewire.result import DiffResult, Verdict
from samewire.tests.scripted import Serve
from samewire.traffic import Record, RecordedAnswer

JSON = (("Content-Type", "application/json"),)


def shop(ids: Callable[[], object], *, mixed_up: bool = False) -> Handler:
    """Makes orders, gives them back, and lets in who logged in."""
    orders: dict[str, bytes] = {}
    sessions: set[str] = set()

    def login(asked: Asked) -> bytes:
        token = uuid4().hex
        sessions.add(token)
        return as_json({"ok": True}, f"Set-Cookie: sid={token}; Path=/; HttpOnly", status="200 OK")

    def make(asked: Asked) -> bytes:
        made = str(ids())
        orders[made] = asked.body
        shown: object = int(made) if made.isdigit() else made
        return as_json({"order_id": shown, "items": 2}, f"Location: /orders/{made}", status="201 Created")

    def give(asked: Asked) -> bytes:
        name = asked.target.rsplit("/", 1)[-1]
        if name not in orders:
            return as_json({"error": "no such order"}, status="404 Not Found")
        shown: object = int(name) if name.isdigit() else name
        other = str(ids()) if mixed_up else name
        return as_json({"order_id": int(other) if other.isdigit() else other, "self": f"/orders/{name}", "ref": shown})

    def handle(asked: Asked) -> bytes:
        if asked.target == "/login":
            return login(asked)
        if asked.target == "/mine":
            known = any(token in asked.fields.get("cookie", "") for token in sessions)
            return text("yours" if known else "whose?", status="200 OK" if known else "403 Forbidden")
        return make(asked) if asked.method == "POST" else give(asked)

    return handle


def recording(made: object) -> list[Record]:
    """As a browser recorded it, from a server that called the order `made`."""
    created = RecordedAnswer(
        201, (*JSON, ("Location", f"/orders/{made}")), json.dumps({"order_id": made, "items": 2}).encode()
    )
    return [
        Record("shop.har:1", "POST", "/orders", JSON, b'{"what":"tea"}', session="s", answer=created),
        Record("shop.har:2", target=f"/orders/{made}", session="s"),
        Record("shop.har:3", "POST", "/orders", JSON, json.dumps({"order_id": made}).encode(), session="s"),
        Record("shop.har:4", target=f"/search?order_id={made}&page=2", session="s"),
    ]


async def replayed_shop(serve: Serve, old: Handler, new: Handler, items: list[Record]) -> DiffResult:
    addresses = await serve(handled(old)), await serve(handled(new))
    return await replayed(*addresses, items, allow_unsafe=True)


KINDS: dict[str, tuple[Callable[[], Callable[[], object]], object]] = {
    "uuids": (lambda: uuid4, "0b0e7d0c-6f0b-4d4c-9d0c-0d6ab3d7c001"),
    "tokens": (lambda: lambda: uuid4().hex, "5d41402abc4b2a76b9719d911017c592"),
    "numbers": (lambda: count(7).__next__, 4711),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_id_that_was_made_is_asked_for_on_each_side_by_its_own_name(kind: str, serve: Serve) -> None:
    maker, made = KINDS[kind]
    numbers = count(90).__next__ if kind == "numbers" else maker()
    found = await replayed_shop(serve, shop(maker()), shop(numbers), recording(made)[:2])
    assert found.verdict is Verdict.SAME, [pair.differences for pair in found.pairs]
    assert [one.status for one in found.coverage] == [201, 200]


async def test_without_a_recorded_answer_what_an_unsafe_request_made_goes_together(serve: Serve) -> None:
    items = [record._replace(answer=None) for record in recording(7)[:2]]
    found = await replayed_shop(serve, shop(count(7).__next__), shop(count(90).__next__), items)
    assert found.verdict is Verdict.SAME, [pair.differences for pair in found.pairs]
    assert [one.status for one in found.coverage] == [201, 200]


async def test_one_old_id_that_goes_with_two_new_ones_is_a_difference(serve: Serve) -> None:
    new = shop(lambda: str(uuid4()), mixed_up=True)
    found = await replayed_shop(
        serve, shop(lambda: str(uuid4())), new, recording("0b0e7d0c-6f0b-4d4c-9d0c-0d6ab3d7c001")[:2]
    )
    assert "body.json:/order_id" in {one.place for pair in found.pairs for one in pair.differences}


async def test_an_id_that_the_old_server_never_changes_is_no_dynamic_one(serve: Serve) -> None:
    """A digest of content is the same whenever it is asked for: another one on the new side is a difference."""
    digest = ("5d41402abc4b2a76b9719d911017c592", "7d793037a0760186574b0282f2f435e7")
    record = Record("a:1", session="s", answer=RecordedAnswer(200, JSON, json.dumps({"id": digest[0]}).encode()))
    old, new = (lambda asked, value=value: as_json({"id": value}) for value in digest)
    found = await replayed_shop(serve, old, new, [record])
    assert [one.place for pair in found.pairs for one in pair.differences] == ["body.json:/id"]


async def test_a_count_is_no_id(serve: Serve) -> None:
    old, new = (lambda asked, value=value: as_json({"count": value}, status="201 Created") for value in (3, 4))
    found = await replayed_shop(serve, old, new, [Record("a:1", "POST", session="s", body=b"")])
    assert [one.place for pair in found.pairs for one in pair.differences] == ["body.json:/count"]


async def test_cookies_are_those_that_each_side_set(serve: Serve) -> None:
    items = [
        Record(
            "a:1",
            "POST",
            "/login",
            session="s",
            body=b"",
            answer=RecordedAnswer(200, (("Set-Cookie", "sid=5d41402abc4b2a76b9719d911017c592; Path=/"),)),
        ),
        Record(
            "a:2", target="/mine", fields=(("Cookie", "theme=dark; sid=5d41402abc4b2a76b9719d911017c592"),), session="s"
        ),
    ]
    found = await replayed_shop(serve, shop(uuid4), shop(uuid4), items)
    assert found.verdict is Verdict.SAME, [pair.differences for pair in found.pairs]
    assert [one.status for one in found.coverage if one.route == "/mine"] == [200]


async def test_sessions_do_not_know_each_others_ids(serve: Serve) -> None:
    items = [*recording(4711)[:1], Record("b:1", target="/orders/4711", session="other")]
    found = await replayed_shop(serve, shop(count(7).__next__), shop(count(90).__next__), items)
    assert [one.status for one in found.coverage if one.method == "GET"] == [404]


def test_whole_tokens_are_replaced_and_nothing_else() -> None:
    own = {"17": "42", "5d41402abc4b2a76": "aaaabbbbcccc0001"}
    record = Record(
        "a:1",
        "POST",
        "/items/17/1717?item_id=17&page=17&t=5d41402abc4b2a76#",
        (("If-Match", '"5d41402abc4b2a76"'), ("Cookie", "a=1; sid=17"), ("X-Page", "17")),
        b'{"item_id": 17, "id":"17", "amount": 17, "id": 171, "of": "x 5d41402abc4b2a76 y"}',
    )
    found = filled(record, own, {"sid": "mine"})
    assert found.target == "/items/42/1717?item_id=42&page=17&t=aaaabbbbcccc0001#"
    assert found.fields == (("If-Match", '"aaaabbbbcccc0001"'), ("Cookie", "a=1; sid=mine"), ("X-Page", "17"))
    assert found.body == b'{"item_id": 42, "id":"42", "amount": 17, "id": 171, "of": "x aaaabbbbcccc0001 y"}'


def test_forms_are_filled_as_queries_are() -> None:
    record = Record(
        "a:1", "POST", "/", (("Content-Type", "application/x-www-form-urlencoded"),), b"order_id=17&page=17"
    )
    assert filled(record, {"17": "42"}, {}).body == b"order_id=42&page=17"


@given(
    st.text(max_size=30), st.binary(max_size=30), st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3)
)
def test_nothing_that_a_record_may_hold_raises(target: str, body: bytes, own: dict[str, str]) -> None:
    record = Record("a:1", "POST", target, (("Cookie", target), ("A", target)), body)
    assert filled(record, {}, {}) == record
    filled(record, own, own)


@given(st.binary(max_size=60), st.sampled_from(["application/json", "text/html", "image/png"]))
def test_any_answer_can_be_looked_into(body: bytes, kind: str) -> None:
    places(answer(body, ("Content-Type", kind), ("Set-Cookie", "a=b"), ("Set-Cookie", "")))


def test_links_and_inputs_of_a_page_are_places() -> None:
    page = b'<form action="/orders/17"><input type=hidden name="csrf" value="abc123def"><a class=x href=\'/next?id=4\'>'
    found = places(answer(page, ("Content-Type", "text/html")))
    assert sorted((name, value) for (_, name), value in found.items()) == [
        ("csrf", "abc123def"),
        ("href", "/next?id=4"),
        ("href", "/orders/17"),
    ]


def test_what_looks_like_an_id() -> None:
    forms = {token: form(token) for token in ("17", "017", "hello", "a-long-slug-of-words", "5d41402a", "dQw4w9WgXcQ")}
    assert forms == {
        "17": "number",
        "017": "",
        "hello": "",
        "a-long-slug-of-words": "",
        "5d41402a": "hex 8",
        "dQw4w9WgXcQ": "token 11",
    }
    assert all(map(is_named, ("id", "order_id", "orderId", "X-Id", "csrf_token", "href")))
    assert not any(map(is_named, ("count", "paid", "page", "grid", "amount", "video")))


def test_texts_that_differ_in_more_than_tokens_are_not_aligned() -> None:
    assert aligned("/a/17", "/a/42") == [("/", ("17", "42"))] == aligned("/a/17", "/a/42")
    assert aligned("/a/17", "/a/42/") is None


def test_the_table_is_bounded_and_one_to_one() -> None:
    table = Table()
    for number in range(MOST + 10):
        table.bind(f"r{number}", Own(f"o{number}", f"n{number}"))
    assert len(table.old_names) == len(table.new_names) == MOST
    assert table.together("o5", "n5") is None
    assert table.together("o50", "n50")
    assert table.together("o50", "n51") is False
    table.bind("r50", Own("o50", "n51"))
    assert table.old_names["r50"] == "o50"
    assert table.new_names["r50"] == "n50"
