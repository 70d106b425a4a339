"""JSON is compared token by token."""

from __future__ import annotations

import pytest

from samewire.compare.json_tokens import MAX_DEPTH, parse, render, tokens
from samewire.compare.tests.exchanges import answer, between, places
from samewire.result import Grade


def found(old: str, new: str) -> list[tuple[str, str, str, Grade]]:
    differences = between(answer(old.encode()), answer(new.encode()))
    return [(d.place, d.old, d.new, d.grade) for d in differences]


def test_a_value_is_named_by_its_pointer() -> None:
    assert found('{"results":[{"score":1}]}', '{"results":[{"score":2}]}') == [
        ("body.json:/results/0/score", "1", "2", Grade.BREAKING)
    ]


def test_names_are_escaped_in_a_pointer() -> None:
    assert found('{"a/b~c":1}', '{"a/b~c":2}')[0][0] == "body.json:/a~1b~0c"


def test_one_is_not_one_point_nought_but_means_the_same() -> None:
    assert found('{"n":1}', '{"n":1.0}') == [("body.json:/n", "1", "1.0", Grade.NOTABLE)]
    assert found('{"n":1}', '{"n":"1"}') == [("body.json:/n", "1", '"1"', Grade.BREAKING)]
    assert found('{"n":1}', '{"n":true}') == [("body.json:/n", "1", "true", Grade.BREAKING)]


def test_an_escaped_character_means_the_same_as_itself() -> None:
    assert found('["\\u0041"]', '["A"]') == [("body.json:/0", '"\\u0041"', '"A"', Grade.NOTABLE)]


def test_members_that_repeat_a_name_are_all_seen() -> None:
    assert found('{"a":1,"a":2}', '{"a":1}') == [("body.json:/a#2", "2", "(absent)", Grade.BREAKING)]
    assert found('{"a":1,"a":2}', '{"a":1,"a":3}') == [("body.json:/a#2", "2", "3", Grade.BREAKING)]


def test_the_order_of_members_is_cosmetic_and_has_its_own_place() -> None:
    assert found('{"x":{"a":1,"b":2}}', '{"x":{"b":2,"a":1}}') == [
        ("body.json-order:/x", '"a", "b"', '"b", "a"', Grade.COSMETIC)
    ]


def test_missing_and_added_members_and_items_are_named() -> None:
    assert found('{"a":1}', '{"b":[1]}') == [
        ("body.json:/a", "1", "(absent)", Grade.BREAKING),
        ("body.json:/b", "(absent)", "[1]", Grade.BREAKING),
    ]
    assert found("[1,2]", "[1]") == [("body.json:/1", "2", "(absent)", Grade.BREAKING)]


def test_an_object_instead_of_a_list_is_one_difference() -> None:
    assert found('{"a":{}}', '{"a":[]}') == [("body.json:/a", "{}", "[]", Grade.BREAKING)]


def test_blanks_between_tokens_are_cosmetic() -> None:
    assert [(place, grade) for place, _, _, grade in found('{"a":1}', '{"a": 1}')] == [("body.raw", Grade.COSMETIC)]


def test_what_is_no_json_is_compared_as_text() -> None:
    assert [place for place, *_ in found("[1]", "[01]")] == ["body"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "[01]", "[1,]", "[,1]", '{"a"}', '{"a":1,}', "{1:2}", "[1]]", "[", '"\t"', '"\\x"', "nul", "NaN", "[1 2]",
     "+1", "1.", ".5", '"a', "\ufeff[]", "[1", '{"a":', "]", "1 1", "{,}", "truefalse", "\u0661"],
)  # fmt: skip
def test_what_rfc_8259_does_not_allow_is_not_parsed(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("text", ["1", "-0.5e+10", '"\\ud800"', "[]", "{}", '{"a":[1,{"b":null}]}', "[true,false]"])
def test_what_is_parsed_can_be_written_again_as_it_stood(text: str) -> None:
    node = parse(text)
    assert node is not None
    assert render(node) == text


def test_tokens_keep_how_a_number_was_written() -> None:
    assert list(tokens(' [1.0, 1e0,"a"] ')) == ["[", "1.0", ",", "1e0", ",", '"a"', "]", ""]


def test_nesting_has_a_limit_and_what_is_deeper_is_compared_as_text() -> None:
    deep, too_deep = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH, "[" * 100_000 + "1" + "]" * 100_000
    assert found(deep, deep.replace("1", "2"))[0][0] == "body.json:" + "/0" * MAX_DEPTH
    assert places(answer(too_deep.encode()), answer(too_deep.replace("1", "2").encode())) == ["body"]


def test_a_number_of_any_size_is_compared() -> None:
    assert found("[1e99999999999999999999]", "[2e99999999999999999999]")[0][3] is Grade.BREAKING
    assert len(found(f"[{'9' * 50_000}]", f"[{'9' * 49_999}8]")) == 1
