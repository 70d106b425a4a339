"""Values of answers that later requests use."""

from __future__ import annotations

import pytest

from samewire.exchange import Answer, Framing
from samewire.kept import kept


def answer(body: bytes = b"", *fields: tuple[str, str]) -> Answer:
    return Answer("HTTP/1.1", 200, "OK", fields, Framing.LENGTH, body)


def test_a_field_is_kept_by_its_first_line_and_in_any_case() -> None:
    assert kept(answer(b"", ("ETag", '"a"'), ("etag", '"b"')), "Etag") == '"a"'


@pytest.mark.parametrize(
    ("pointer", "value"), [("/id", "7"), ("/items/1/a~1b", "x"), ("/items/2", None), ("/flag", None), ("/no/where", None), ("", None)]
)  # fmt: skip
def test_a_pointer_finds_texts_and_whole_numbers_only(pointer: str, value: str | None) -> None:
    document = b'{"id": 7, "items": [null, {"a/b": "x"}], "flag": true}'
    assert kept(answer(document), pointer) == value


@pytest.mark.parametrize("body", [b"", b"{", b'{"id": "a\\r\\nb"}', b'{"id": "' + b"x" * 5000 + b'"}', b"[" * 100_000])
def test_what_could_not_stand_in_a_request_is_not_kept(body: bytes) -> None:
    assert kept(answer(body), "/id") is None
