"""How a JSON text is written is compared although its values differ."""

from __future__ import annotations

import pytest

from samewire.compare.contents import compare_content
from samewire.compare.json_spelling import spelling


def places(old: str, new: str) -> list[str]:
    return [delta.place for delta in compare_content("body", old.encode(), new.encode())]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"id":"a","n":[1,2]}', '{"id": "b", "n": [1, 3]}'),
        ('{"id":"a","n":1}', '{"id":"b","n":2}\n'),
        ('{"\\u0061":1,"n":1}', '{"a":2,"n":2}'),
        ('{"id":"a","n":[1,2]}', '{"id": "b", "n": [1]}'),
    ],
)
def test_blanks_and_escapes_are_a_difference_beside_values_that_differ(old: str, new: str) -> None:
    found = places(old, new)
    assert "body.raw" in found
    assert len(found) > 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"id":"a","n":1}', '{"id":"b","n":2}'),
        ('{"id": "a", "n": [1, 2]}', '{"id": "b", "n": []}'),
        ('{"id": "a", "n": [1, 2]}', "[]"),
        ('{"a": 1}', '{"b": 1}'),
    ],
)
def test_values_alone_are_no_matter_of_spelling(old: str, new: str) -> None:
    assert "body.raw" not in places(old, new)


def test_no_value_is_shown_for_its_spelling() -> None:
    assert spelling('{"password":"a","b":[1]}', '{"password": "b","b":[2]}') == (
        '{"password":_,"b":[_]}',
        '{"password": _,"b":[_]}',
    )
