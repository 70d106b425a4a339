from __future__ import annotations

import pytest
from pydantic import ValidationError

from samewire.cases import absent, case, empty, expect, get, json, match, post, problem, raw, text
from samewire.cases.model import Case, Expect, JsonAt, Match, Raw, Receive, Request, Send


def test_the_common_case_is_one_line() -> None:
    found = case("ROU-02", "an unknown path is 404", "RFC 9110 §15.5.5", get("/nope"), expect(404, body=problem()))
    assert [type(step) for step in found.steps] == [Send, Receive]
    assert isinstance(found.steps[0], Send)
    assert found.steps[0].send == Request(target="/nope")


def test_what_belongs_to_the_step_does_not_go_into_the_request() -> None:
    sent = post("/x", json={"a": 1}, on="second", part="head", delivery="byte by byte", headers={"A": "b"})
    assert (sent.on, sent.part, sent.delivery) == ("second", "head", "byte by byte")
    assert isinstance(sent.send, Request)
    assert sent.send.json_value == {"a": 1}
    assert sent.send.headers == (("A", "b"),)


def test_field_lines_keep_their_order_and_repetition() -> None:
    sent = get(headers=[("B", "1"), ("A", "2"), ("B", "3")]).send
    assert isinstance(sent, Request)
    assert sent.headers == (("B", "1"), ("A", "2"), ("B", "3"))


def test_a_plain_text_in_an_expectation_means_equals() -> None:
    received = expect((200, 204), headers={"allow": "GET", "vary": match(token="Origin"), "x": absent()}).receive
    assert received.headers == {"allow": Match(equals="GET"), "vary": Match(token="Origin"), "x": Match(absent=True)}
    assert received.status == (200, 204)


def test_null_is_asked_for_by_its_type_because_equals_null_says_nothing() -> None:
    assert json({"/a": None, "/b": 2}).json_at == (JsonAt(at="/a", type="null"), JsonAt(at="/b", equals=2))


@pytest.mark.parametrize("body", [empty(), text("a"), text(matches="a+"), json(equals=[1]), problem(status=404)])
def test_every_claim_about_content_says_something(body: object) -> None:
    assert body != Expect(status=200).body
    assert type(body).model_validate({}) != body  # type: ignore[attr-defined]


def test_raw_bytes_stand_to_the_letter() -> None:
    assert raw("GET / HTTP/1.1\r\n\r\n\xff").send == Raw(bytes="GET / HTTP/1.1\r\n\r\n\xff")


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValidationError, match="metod"):
        Case.model_validate({"id": "A-1", "title": "t", "why": "w", "steps": [{"send": {"metod": "GET"}}]})
