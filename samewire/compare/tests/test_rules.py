"""Rules excuse what may differ, as long as each side is what it must be."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from samewire.compare import Rule
from samewire.compare.classes import CLASSES
from samewire.compare.http_date import imf_fixdate
from samewire.compare.tests.exchanges import answer, answered, events, places, transcript
from samewire.exchange import Answer

UUIDS = "0d1d0d0a-1111-4222-8333-444455556666", "ffffffff-1111-4222-8333-444455556666"


def dated(date: str) -> Answer:
    return answer(b"", ("Date", date))


def marked(value: str) -> Answer:
    return answer(b"", ("X-Mark", value))


def test_dates_may_differ_by_two_minutes_and_no_more() -> None:
    first = dated("Sun, 06 Nov 1994 08:49:37 GMT")
    assert places(first, dated("Sun, 06 Nov 1994 08:51:37 GMT")) == []
    assert places(first, dated("Sun, 06 Nov 1994 08:51:38 GMT")) == ["header.date"]


@pytest.mark.parametrize("date", ["yesterday", "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
def test_a_date_that_is_none_is_a_difference(date: str) -> None:
    assert places(dated("Sun, 06 Nov 1994 08:49:37 GMT"), dated(date)) == ["header.date"]


def test_a_missing_or_second_date_is_never_excused() -> None:
    one = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
    assert places(answer(b"", one), answer(b"", ("A", "1"))) == ["header.date", "header.a"]
    assert places(answer(b"", one), answer(b"", one, one)) == ["header.date"]


@pytest.mark.parametrize(
    "text",
    ["Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
     "Sun, 06 Nov 1994 08:49:37 UTC", "sun, 06 nov 1994 08:49:37 gmt", "Sun, 6 Nov 1994 08:49:37 GMT",
     "Sun, 06 Nov 0000 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT\n"],
)  # fmt: skip
def test_only_the_one_form_of_a_moment_that_was_is_a_date(text: str) -> None:
    assert imf_fixdate(text) is None


def test_request_ids_may_differ_if_each_is_one() -> None:
    first = answer(b"", ("X-Request-ID", "abc"))
    assert places(first, answer(b"", ("X-Request-ID", "abd.1"))) == []
    assert places(first, answer(b"", ("X-Request-ID", "a b"))) == ["header.x-request-id"]
    assert places(first, answer(b"", ("X-Request-ID", "a" * 65))) == ["header.x-request-id"]


def problem(instance: str, request_id: str) -> Answer:
    return answer(f'{{"instance":"{instance}"}}'.encode(), ("X-Request-ID", request_id))


def test_an_instance_must_be_its_own_answers_request_id() -> None:
    assert places(problem("a1", "a1"), problem("b2", "b2")) == []
    assert places(problem("a1", "a1"), problem("a1x", "b2")) == ["body.json:/instance"]
    assert places(problem("b2", "a1"), problem("a1", "b2")) == ["body.json:/instance"]


def test_the_server_field_is_not_excused() -> None:
    assert places(answer(b"", ("Server", "a")), answer(b"", ("Server", "b"))) == ["header.server"]


@pytest.mark.parametrize(
    ("check", "one", "other", "outside"),
    [
        ("uuid", *UUIDS, "0d1d0d0a111142228333444455556666"),
        ("hex", "0aF", "1", "g"),
        ("integer", "1", "-20", "1.0"),
        ("number", "1", "2.5e3", "1."),
        ("any-token", "abc", "d/e=", "a b"),
        ("same-length", "abc", "xyz", "wxyz"),
        ("any-order", "a, b,c", "c,b , a", "a, b"),
    ],
)
def test_each_class_takes_its_own_and_nothing_else(check: str, one: str, other: str, outside: str) -> None:
    rules = [Rule.model_validate({"place": "header.x-mark", "check": check})]
    assert places(marked(one), marked(other), rules) == []
    assert places(marked(one), marked(outside), rules) == ["header.x-mark"]
    assert places(marked(outside), marked(one), rules) == ["header.x-mark"]
    assert places(marked(one), answer(), rules)[0] == "header.x-mark"


def test_every_class_that_a_rule_can_name_exists() -> None:
    checks = set(Rule.model_json_schema()["properties"]["check"]["enum"])
    assert checks == set(CLASSES) | {"any-order"}


def test_a_pattern_is_for_the_whole_of_each_value() -> None:
    rules = [Rule(place="header.x-mark", check="pattern", pattern="legacy|aiohttp")]
    assert places(marked("legacy"), marked("aiohttp"), rules) == []
    assert places(marked("legacy"), marked("aiohttp2"), rules) == ["header.x-mark"]


def test_numbers_may_be_held_close_together() -> None:
    rules = [Rule(place="body.json:/up", check="number", within=5)]
    assert places(answer(b'{"up":1.5}'), answer(b'{"up":6}'), rules) == []
    assert places(answer(b'{"up":1.5}'), answer(b'{"up":7}'), rules) == ["body.json:/up"]
    assert places(answer(b'{"up":1e999}'), answer(b'{"up":2e999}'), rules) == ["body.json:/up"]


def test_a_number_in_a_string_is_no_number() -> None:
    rules = [Rule(place="body.json:/up", check="integer")]
    assert places(answer(b'{"up":"1"}'), answer(b'{"up":"2"}'), rules) == []
    assert places(answer(b'{"up":1}'), answer(b'{"up":"2"}'), rules) == ["body.json:/up"]


def test_a_length_may_differ_with_the_content_it_counts() -> None:
    rules = [Rule(place="body", check="any-token"), Rule(place="header.content-length", check="body-length")]

    def sized(body: bytes, length: int) -> Answer:
        return answer(body, ("Content-Length", str(length)))

    assert places(sized(b"a", 1), sized(b"ab", 2), rules) == []
    assert places(sized(b"a", 1), sized(b"ab", 3), rules) == ["header.content-length"]


def test_a_rule_holds_in_every_answer_but_only_in_its_cases() -> None:
    old = transcript(answered(marked("1"), step=1), answered(marked("1"), step=2))
    new = transcript(answered(marked("2"), step=1), answered(marked("3"), step=2))
    everywhere = Rule(place="header.x-mark", check="integer")
    assert places(old, new, [everywhere]) == []
    assert places(old, new, [everywhere.model_copy(update={"cases": "ERR-*"})]) != []
    first = Rule(place="answer[0].header.x-mark", check="integer")
    assert places(old, new, [first]) == ["answer[1].header.x-mark"]


def test_a_star_stands_for_anything_and_brackets_for_themselves() -> None:
    rules = [Rule(place="sse[*].data.json:/id", check="integer")]
    assert places(events(b'data: {"id":1}\n\n'), events(b'data: {"id":2}\n\n'), rules) == []


def test_paired_values_must_go_together_in_all_of_a_case() -> None:
    rules = [Rule(place="sse[*].data.json:/id", check="hex", paired=True)]

    def stream(*ids: str) -> Answer:
        return events("".join(f'data: {{"id":"{one}"}}\n\n' for one in ids).encode())

    assert places(stream("a1", "a1", "a2"), stream("b1", "b1", "b2"), rules) == []
    assert places(stream("a1", "a1"), stream("b1", "b2"), rules) == ["sse[1].data.json:/id"]
    assert places(stream("a1", "a2"), stream("b1", "b1"), rules) == ["sse[1].data.json:/id"]


def test_a_rule_for_a_field_says_nothing_of_an_interim_answer() -> None:
    old, new = (transcript(answered(answer(), interim=(marked(value),))) for value in "12")
    assert places(old, new, [Rule(place="header.x-mark", check="integer")]) == ["interim[0].header.x-mark"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"place": "a", "check": "pattern"}, "needs `pattern`"),
        ({"place": "a", "check": "own-field"}, "needs `field`"),
        ({"place": "a", "check": "uuid", "pattern": "x"}, "has no meaning"),
        ({"place": "a", "check": "uuid", "within": 1}, "has no meaning"),
        ({"place": "a", "check": "any-order", "paired": True}, "has no meaning"),
        ({"place": "a", "check": "pattern", "pattern": "("}, "not a regular expression"),
        ({"place": "a", "check": "anything"}, "Input should be"),
        ({"place": "a", "check": "hex", "where": "b"}, "Extra inputs"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Rule.model_validate(given)
