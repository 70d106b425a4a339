"""What generation starts from."""

from __future__ import annotations

from samewire.cases.build import case, expect, get, post, raw
from samewire.fuzz.example import Example, Kind, Plain, Turn
from samewire.fuzz.known import MOST, known
from samewire.fuzz.secrets import secret_texts, without_secrets
from samewire.traffic import Record, RecordedAnswer


def test_the_requests_of_cases_are_known_and_those_with_names_of_their_own_are_not() -> None:
    cases = [
        case("X-1", "t", "w", get("/a?q=1", headers={"Accept": "*/*", "Host": "x"}), expect(200)),
        case("X-2", "t", "w", post("/b", json={"a": 1}), expect(200), get("/c/${id}"), get("/d/${run}")),
        case("X-3", "t", "w", raw("GET /raw HTTP/1.1\r\n\r\n")),
    ]
    found = known(cases)
    assert found.requests == (
        Plain("GET", "/"),
        Plain("GET", "/a?q=1", (("Accept", "*/*"),)),
        Plain("POST", "/b", (), b'{"a":1}'),
        Plain("GET", "/d/${run}"),
    )
    assert found.parameters == (("q", "1"),)


def test_links_and_ids_of_recorded_answers_are_known() -> None:
    page = RecordedAnswer(200, (("Location", "http://old/moved?x=1"),), b'<a href="/next#top">, <a href="//other/x">')
    document = RecordedAnswer(200, (), b'{"order": {"order_id": 7}, "next": "/page/2"}')
    found = known((), [Record("1", answer=page), Record("2", target="/o", answer=document)])
    assert {request.target for request in found.requests} == {"/", "/moved?x=1", "/next", "/o", "/page/2"}
    assert "/order/order_id" in found.pointers


def test_of_endless_traffic_a_bounded_number_is_kept() -> None:
    endless = (Record(str(number), target=f"/{number}") for number in iter(int, 1))
    assert len(known((), endless).requests) <= MOST
    many = known((), (Record(str(number), target=f"/{number}") for number in range(2 * MOST)))
    assert len(many.requests) == MOST


def test_secrets_of_traffic_are_masked_alike_and_what_was_made_up_is_not() -> None:
    secret = ("Authorization", "Bearer 0123456789abcdef")
    found = known((), [Record("1", target="/a?token=s3cr3tvalue", fields=(secret,))])
    turns = (Turn(Plain("GET", "/a?token=s3cr3tvalue", (secret, ("Authorization", "Basic garbage")))),)
    shown = repr(without_secrets(Example(Kind.SEMANTIC, 0, (*turns, *turns)), secret_texts(found)))
    assert "0123456789abcdef" not in shown
    assert "s3cr3tvalue" not in shown
    assert shown.count("Basic garbage") == 2
