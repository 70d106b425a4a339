"""HEAD and OPTIONS beside GET: right ones pass, and each fault has its place."""

from __future__ import annotations

import pytest

from samewire.relations.tests.hand_made import TAGGED, answer, without, wrong


def test_a_head_with_the_fields_of_get_and_no_content_is_right() -> None:
    assert wrong("head", answer(body=b"")) == []


@pytest.mark.parametrize("name", ["Content-Length", "ETag", "Vary"])
def test_a_head_may_lack_what_is_only_known_from_the_content(name: str) -> None:
    assert wrong("head", answer(fields=without(name), body=b"")) == []


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("header.content-type", without("Content-Type")),
        ("header.content-type", {**TAGGED, "Content-Type": "text/html"}),
        ("header.content-length", {**TAGGED, "Content-Length": "0"}),
        ("header.etag", {**TAGGED, "ETag": '"v2"'}),
        ("header.x-new", {**TAGGED, "X-New": "1"}),
    ],
)
def test_a_head_whose_fields_are_not_those_of_get_is_wrong(place: str, fields: dict[str, str]) -> None:
    assert wrong("head", answer(fields=fields, body=b"")) == [place]


def test_a_head_may_be_delimited_otherwise() -> None:
    assert wrong("head", answer(fields={**without("Content-Length"), "Transfer-Encoding": "chunked"}, body=b"")) == []


def test_a_head_with_another_status_or_with_content_is_wrong() -> None:
    assert wrong("head", answer(405, {}, b"")) == ["status"]
    assert wrong("head", answer()) == ["body"]


def test_what_varies_between_two_gets_must_only_be_there() -> None:
    gets = tuple(answer(fields={**TAGGED, "X-Id": id}) for id in "ab")
    assert wrong("head", answer(fields={**TAGGED, "X-Id": "c"}, body=b""), full=gets) == []
    assert wrong("head", answer(body=b""), full=gets) == ["header.x-id"]


def test_nothing_is_held_against_an_answer_that_is_no_whole_200() -> None:
    assert wrong("head", answer(405, {}, b""), full=(answer(), answer(503))) == []


@pytest.mark.parametrize(
    ("status", "allow", "places"),
    [
        (204, "GET, HEAD, OPTIONS", []),
        (405, "GET,HEAD", []),
        (200, "GET", ["header.allow"]),
        (200, "POST", ["header.allow", "header.allow"]),
        (405, None, ["header.allow"]),
        (404, None, []),
        (200, None, []),
    ],
)
def test_allow_lists_get_and_head_where_it_is_told(status: int, allow: str | None, places: list[str]) -> None:
    fields = {} if allow is None else {"Allow": allow}
    assert wrong("options", answer(status, fields, b"")) == places
