"""What is found without trees is what the trees show."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from samewire.compare import json_values
from samewire.compare.delta import Delta
from samewire.compare.json_one import one_scalar
from samewire.compare.json_scalars import differing_scalars
from samewire.compare.json_tokens import parse

names = st.sampled_from(["a", "b", "password", "a/b", "c~d", "ü", ""])
scalars = st.one_of(
    st.sampled_from([None, True, 1, 1.0, -0.5, "cookie", "a", "x\ny", "ü", '"', "1", 10**30]),
    st.floats(allow_nan=False),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=10
)
documents = st.lists(values, max_size=3) | st.dictionaries(names, values, max_size=3)
odd = st.sampled_from(
    [
        '{"a":1,"a":2}',
        '{"a":1,"a":3}',
        '{"a":{"b":1},"a":2}',
        '{"a":1,"\\u0061":2}',
        '{"b":1,"\\u0061":2}',
        "[NaN]",
        "[1,]",
        '["cookie","a"]',
        '["cookie","b"]',
        '[1,"b"]',
        '["\\ud800"]',
        '["\\ud801"]',
        "[01]",
        "[1e999]",
        "[1E5]",
        "[]",
        "{}",
        '{"a":1',
        "[1," + "[" * 70 + "1" + "]" * 71,
        "[2," + "[" * 70 + "1" + "]" * 71,
        "[" * 62 + "1" + "]" * 62,
        "[" * 62 + "2" + "]" * 62,
        "[" * 70 + "1" + "]" * 70,
        '{"a":[["password","x"]]}',
    ]
)


def by_trees(old: str, new: str) -> tuple[Delta, ...] | None:
    trees = parse(old), parse(new)
    if trees[0] is None or trees[1] is None:
        return None
    values = json_values._nodes(json_values._Spot("body", "", False), trees[0], trees[1])
    return (*values, *json_values._spelling("body", old, new))


def check(old: str, new: str) -> None:
    if one_scalar(old, new) is not None or differing_scalars(old, new) is not None:
        assert json_values.compare_json("body", old, new) == by_trees(old, new)


often = st.integers(0, 3).map(lambda number: number == 0)


def changed(data: st.DataObject, value: Any) -> Any:
    """The same document with some of its scalars drawn anew."""
    if isinstance(value, dict):
        return {key: changed(data, member) for key, member in value.items()}
    if isinstance(value, list):
        return [changed(data, item) for item in value]
    return data.draw(scalars) if data.draw(often) else value


@settings(deadline=None, max_examples=300)
@given(documents, st.data(), st.sampled_from([(",", ":"), (", ", ": ")]))
def test_changed_scalars_are_found_as_the_trees_show_them(
    document: Any, data: st.DataObject, blanks: tuple[str, str]
) -> None:
    other = changed(data, document)
    check(json.dumps(document), json.dumps(other, separators=blanks, ensure_ascii=False))


@settings(deadline=None, max_examples=300)
@given(odd | documents.map(json.dumps), odd | documents.map(json.dumps))
@example('{"a":1,"a":2}', '{"a":1,"a":3}')
@example('["cookie","a"]', '["cookie","b"]')
@example("[1," + "[" * 70 + "1" + "]" * 71, "[2," + "[" * 70 + "1" + "]" * 71)
@example("[" * 70 + "]" * 70, " " + "[" * 70 + "]" * 70)
def test_any_two_texts_are_compared_as_the_trees_show_them(old: str, new: str) -> None:
    check(old, new)


def test_what_usually_differs_is_found_without_trees() -> None:
    found = differing_scalars('{"id":"a","of":[{"n":1},{"n":2}]}', '{"id":"b","of":[{"n":1},{"n":3}]}')
    assert found == [("/id", '"a"', '"b"', False), ("/of/1/n", "2", "3", False)]


def test_a_name_that_repeats_and_a_pair_that_may_be_secret_are_left_to_the_trees() -> None:
    assert differing_scalars('{"a":1,"a":2}', '{"a":1,"a":3}') is None
    assert differing_scalars('["cookie","a"]', '["cookie","b"]') is None
    assert differing_scalars('{"password":"a"}', '{"password":"b"}') == [("/password", '"a"', '"b"', True)]


def test_one_plain_value_is_found_at_c_speed() -> None:
    document = '{"a":{"b":[{"id":"%s","n":%s}]},"c":"x"}'
    assert one_scalar(document % ("aab", 1), document % ("abb", 1)) == ("/a/b/0/id", '"aab"', '"abb"', False)
    assert one_scalar(document % ("a", "-1.5"), document % ("a", "-12.5")) == ("/a/b/0/n", "-1.5", "-12.5", False)
    assert one_scalar(document % ("a", 1), document % ("b", 2)) is None
    assert one_scalar('{"a":1,"a":2}', '{"a":1,"a":3}') is None
    assert one_scalar('{"token":"a"}', '{"token":"b"}') == ("/token", '"a"', '"b"', True)
