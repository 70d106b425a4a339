"""Conditional requests beside the full answer: right ones pass, and each fault has its place."""

from __future__ import annotations

import pytest

from samewire.exchange import Answer
from samewire.relations.tests.hand_made import TAGGED, answer, without, wrong

KEPT = {"ETag": '"v1"', "Vary": "Accept"}
TAG = {"if-none-match": '"v1"'}


@pytest.mark.parametrize(
    "right", [answer(304, KEPT, b""), answer(304, {**KEPT, "Content-Length": "10"}, b""), answer()]
)
def test_a_304_with_the_fields_of_the_200_is_right_and_so_is_the_200(right: Answer) -> None:
    assert wrong("not-modified", right, asked=TAG) == []


@pytest.mark.parametrize(
    ("places", "given"),
    [
        (["header.etag"], answer(304, {"Vary": "Accept"}, b"")),
        (["header.etag"], answer(304, {**KEPT, "ETag": '"v2"'}, b"")),
        (["header.vary"], answer(304, {"ETag": '"v1"'}, b"")),
        (["header.content-length"], answer(304, {**KEPT, "Content-Length": "0"}, b"")),
        (["body"], answer(304, KEPT, b"all")),
        (["body"], answer(body=b"other")),
        (["status"], answer(412, KEPT, b"")),
    ],
)
def test_a_304_that_lacks_them_or_has_content_is_wrong(places: list[str], given: Answer) -> None:
    assert wrong("not-modified", given, asked=TAG) == places


def test_who_answers_304_to_the_tag_must_so_to_its_weak_form() -> None:
    weak = {"if-none-match": 'W/"v1"'}
    assert wrong("not-modified", answer(), asked=weak, earlier=(304,)) == ["status"]
    assert wrong("not-modified", answer(), asked=weak, earlier=(200,)) == []


def test_a_tag_that_changes_with_each_answer_is_no_fault() -> None:
    gets = tuple(answer(fields={**TAGGED, "ETag": tag}) for tag in ('"a"', '"b"'))
    given = answer(fields={**TAGGED, "ETag": '"c"'})
    assert wrong("not-modified", given, asked=TAG, full=gets, earlier=(304,)) == []


def test_cache_control_and_expires_of_the_200_stand_in_the_304() -> None:
    gets = (answer(fields={**TAGGED, "Cache-Control": "max-age=60", "Expires": "0"}),)
    assert wrong("not-modified", answer(304, KEPT, b""), full=gets) == ["header.cache-control", "header.expires"]


def test_a_condition_that_fails_is_a_412_or_ignored() -> None:
    asked = {"if-match": '"other"'}
    assert wrong("refused", answer(412, {}, b""), asked=asked) == []
    assert wrong("refused", answer(), asked=asked) == []
    assert wrong("refused", answer(304, KEPT, b""), asked=asked) == ["status"]
    assert wrong("refused", answer(body=b"changed"), asked=asked) == ["body"]


@pytest.mark.parametrize(
    ("places", "given"),
    [
        ([], answer()),
        (["status"], answer(304, KEPT, b"")),
        (["body"], answer(body=b"012345678")),
        (["header.etag"], answer(fields=without("ETag"))),
        (["header.content-type"], answer(fields={**TAGGED, "Content-Type": "text/html"})),
    ],
)
def test_the_full_answer_again_is_the_full_answer(places: list[str], given: Answer) -> None:
    assert wrong("whole", given) == places


def test_content_that_varies_or_tells_what_was_asked_is_not_held_against_the_full_one() -> None:
    assert wrong("whole", answer(body=b"3"), full=(answer(body=b"1"), answer(body=b"2"))) == []
    assert wrong("whole", answer(body=b'{"If-Match": "of-none"}'), asked={"if-match": '"of-none"'}) == []
